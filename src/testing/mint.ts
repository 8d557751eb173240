import { hkdfSync, randomUUID } from 'node:crypto';
import { EncryptJWT, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Provider } from '../policy/providers/provider.ts';

/** What a token is signed or encrypted with: the bytes of a shared secret, or a private JWK. */
export type SigningKey = Uint8Array | JWK;

export interface MintOptions {
  readonly expiresInSeconds: number;
  readonly nowMs: number;
}

/**
 * A token as that provider's issuer would make it: with the issuer, audience, type and algorithm that the policy asks for.
 *
 * @param claims - Beside these, or instead of them.
 * @throws where the key cannot sign with the provider's algorithm.
 */
export async function mint(
  provider: Provider,
  key: SigningKey,
  claims: JWTPayload,
  { expiresInSeconds, nowMs }: MintOptions,
): Promise<string> {
  const { type, algorithms } = provider;
  const nowSeconds = Math.floor(nowMs / 1000);
  const isSecret = key instanceof Uint8Array;
  const algorithm = (isSecret ? undefined : key.alg) ?? algorithms[0] ?? 'HS256';
  const kid = isSecret ? undefined : key.kid;
  const payload: JWTPayload = {
    ...issuedClaims(provider, claims),
    jti: randomUUID(),
    iat: nowSeconds,
    exp: nowSeconds + expiresInSeconds,
    ...claims,
  };
  if (provider.encryption !== null) return encrypted(provider, key, payload);
  const header = { alg: algorithm, typ: type ?? 'JWT', ...(kid === undefined ? {} : { kid }) };
  const signing = isSecret ? key : await importJWK(key, algorithm);
  return new SignJWT(payload).setProtectedHeader(header).sign(signing);
}

/** As Auth.js and NextAuth encrypt a session, with the key that they make of their secret. */
async function encrypted(
  { encryption, keys, credentials }: Provider,
  key: SigningKey,
  payload: JWTPayload,
): Promise<string> {
  if (!(key instanceof Uint8Array) || encryption === null)
    throw new TypeError('An encrypted session needs a secret.');
  const [source] = credentials;
  const name = source !== undefined && 'pattern' in source ? source.pattern : (source?.name ?? '');
  const isAuthjs = keys.kind === 'secretStore' && keys.format === 'authjs';
  const info = isAuthjs
    ? `Auth.js Generated Encryption Key (${name})`
    : 'NextAuth.js Generated Encryption Key';
  const bytes = encryption === 'A256GCM' ? 32 : 64;
  const secret = new Uint8Array(hkdfSync('sha256', key, isAuthjs ? name : '', info, bytes));
  return new EncryptJWT(payload).setProtectedHeader({ alg: 'dir', enc: encryption }).encrypt(secret);
}

/** What a provider's issuer says of everybody: who it is, whom it is for, and what the provider requires. */
export function issuedClaims(
  { issuers, audience, requiredClaims }: Provider,
  claims: JWTPayload,
): JWTPayload {
  const needed = required(requiredClaims);
  return {
    ...needed,
    ...(issuers[0] === undefined ? {} : { iss: issuerFor(issuers[0], { ...needed, ...claims }) }),
    ...(audience[0] === undefined ? {} : { aud: audience[0] }),
  };
}

/** The first value that the provider accepts of each claim that it requires. */
function required(claims: Provider['requiredClaims']): JWTPayload {
  const payload: Record<string, unknown> = {};
  for (const { path, values } of claims) {
    let at = payload;
    for (const name of path.slice(0, -1)) at = at[name] = (at[name] ?? {}) as Record<string, unknown>;
    at[path.at(-1) ?? ''] = values?.[0] ?? 'test';
  }
  return payload;
}

function issuerFor(issuer: Provider['issuers'][number], claims: JWTPayload): string {
  return typeof issuer === 'string' ? issuer : issuer.before + String(claims[issuer.claim]) + issuer.after;
}
