import { randomBytes, randomUUID } from 'node:crypto';
import { base64url, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export interface TokenMint {
  /** For the Config Store: `test_jwks`. */
  readonly jwks: string;
  /** For the Secret Store: `test_hmac`. */
  readonly secret: string;
  /** A token that was never seen before. */
  issue(algorithm: string, sub: string, claims?: Readonly<Record<string, string>>): Promise<string>;
}

/** Keys of this run's own, and tokens of the issuers `https://hmac.test` and `https://asymmetric.test`. */
export async function createTokenMint(asymmetric: readonly string[], spareKeys = 0): Promise<TokenMint> {
  const secret = base64url.encode(randomBytes(48));
  const signing = new Map<string, CryptoKey>();
  const published: JWK[] = [];
  const add = async (algorithm: string, kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    published.push({ ...(await exportJWK(publicKey)), kid, alg: algorithm });
    return privateKey;
  };
  for (let i = 0; i < spareKeys; i++) await add(asymmetric[0] ?? 'RS256', `spare-${i}`);
  // Last, so that whoever searches from the front finds all others first.
  for (const algorithm of asymmetric) signing.set(algorithm, await add(algorithm, algorithm));

  return {
    jwks: JSON.stringify({ keys: published }),
    secret,
    async issue(algorithm, sub, claims = {}) {
      const isHmac = algorithm.startsWith('HS');
      const key = isHmac ? new TextEncoder().encode(secret) : signing.get(algorithm);
      if (key === undefined) throw new Error(`no key for ${algorithm}`);
      return new SignJWT({ ...claims, sub, jti: randomUUID() })
        .setIssuer(isHmac ? 'https://hmac.test' : 'https://asymmetric.test')
        .setExpirationTime(Math.floor(Date.now() / 1000) + 3600)
        .setProtectedHeader({ alg: algorithm, ...(isHmac ? {} : { kid: algorithm }) })
        .sign(key);
    },
  };
}
