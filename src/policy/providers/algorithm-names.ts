/** JWS algorithms (RFC 7518 section 3.1, RFC 8037). */
export const ALGORITHM_NAMES = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

export type Algorithm = (typeof ALGORITHM_NAMES)[number];

/** Content encryption of a token that is encrypted and not signed (RFC 7518 section 5.1), with `alg` `dir` and no other. */
export const ENCRYPTION_NAMES = ['A256CBC-HS512', 'A256GCM'] as const;

export type Encryption = (typeof ENCRYPTION_NAMES)[number];

export function isEncryption(name: Algorithm | Encryption): name is Encryption {
  return ENCRYPTION_NAMES.some((one) => one === name);
}
