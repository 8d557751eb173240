import { randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Provider } from '../../src/policy/providers/provider.ts';

/** A pair for the tokens of a provider on this machine. */
export interface LocalPair {
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

/** 32 random bytes as text without a line end: the local Secret Store would make that part of the secret. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A secret in the form of Standard Webhooks. */
export function standardSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export async function localPair({ algorithms }: Pick<Provider, 'algorithms'>): Promise<LocalPair> {
  const alg = algorithms[0] ?? 'RS256';
  const pair = await generateKeyPair(alg, { extractable: true });
  const about = { kid: `local-${randomUUID()}`, alg, use: 'sig' };
  return {
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...about },
    publicJwk: { ...(await exportJWK(pair.publicKey)), ...about },
  };
}

/** The public half of a private JWK: its members that RFC 7518 section 6 calls public. */
export function publicHalf(jwk: JWK): JWK {
  const { kty, crv, x, y, n, e, kid, alg, use } = jwk;
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e, kid, alg, use }).filter(([, value]) => value !== undefined),
  ) as JWK;
}
