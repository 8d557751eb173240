import type { Provider } from '../../src/policy/providers/provider.ts';

/** The secret of an application that a provider verifies its tokens with. */
export interface SharedSecret {
  readonly store: string;
  readonly item: string;
  /** What applications call it in their environment. */
  readonly variable: string;
}

const VARIABLES = { raw: 'JWT_SECRET', authjs: 'AUTH_SECRET', nextauth: 'NEXTAUTH_SECRET' } as const;

/** null: this provider has public keys, or a JWK that no application holds as it is. */
export function sharedSecretOf({ keys, lookup }: Provider): SharedSecret | null {
  if (lookup !== null || keys.kind !== 'secretStore' || keys.format === 'jwk') return null;
  return { store: keys.store, item: keys.item, variable: VARIABLES[keys.format] };
}

/** The command that writes it into its file, without a line break, which would be part of it. */
export function writingSecret({ variable }: SharedSecret, file: string): string {
  return `printf %s "$${variable}" > ${file}`;
}
