import type { ProviderInput } from '../../policy/providers/provider.ts';
import { keysAt, listOption, nameOption, type PresetOptions } from './options.ts';

export interface SupabaseOptions extends PresetOptions {
  /** The reference of the project: `abcdefghijklmnopqrst` of `https://abcdefghijklmnopqrst.supabase.co`. */
  readonly projectRef: string;
  /** Default `authenticated`: signed-in users, and nobody who has only the public key. */
  readonly audience?: string | readonly string[];
  /** Projects that sign with the legacy JWT secret (HS256): where it stands. Without it the project's signing keys are asked for. */
  readonly legacySecret?: { readonly secretStore: string; readonly item: string };
}

/**
 * Access tokens of Supabase Auth: ES256 or RS256 by the project's signing keys, or HS256 by its legacy secret. In the cookies of
 * `@supabase/ssr`: docs/concepts/identity.md#tokens-in-cookies. Backend: `supabase`.
 *
 * The legacy secret signs the project's `anon` and `service_role` keys too: they have no `sub` and another `aud`, and are refused.
 *
 * Source: Supabase documentation, "JWT Signing Keys" and "JSON Web Token (JWT)".
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { supabase: supabase({ projectRef: 'abcdefghijklmnopqrst' }) }
 */
export function supabase({
  projectRef,
  audience = 'authenticated',
  legacySecret,
  backend = 'supabase',
}: SupabaseOptions): ProviderInput {
  const issuer = `https://${nameOption('supabase', 'projectRef', projectRef)}.supabase.co/auth/v1`;
  return {
    ...(legacySecret === undefined
      ? { algorithms: ['ES256', 'RS256'], keys: keysAt(`${issuer}/.well-known/jwks.json`, backend) }
      : { algorithms: ['HS256'], keys: { ...legacySecret, format: 'raw' } }),
    issuer,
    audience: listOption('supabase', 'audience', audience),
  };
}
