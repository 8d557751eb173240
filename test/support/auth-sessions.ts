import { hkdfSync } from 'node:crypto';
import { encode } from '@auth/core/jwt';
import { EncryptJWT, type JWTPayload } from 'jose';

/** The cookie of Auth.js on a site with HTTPS. */
export const AUTHJS = '__Secure-authjs.session-token';
/** How `@auth/core` cuts what a browser would not keep in one cookie (`lib/utils/cookie.js`). */
const CHUNK_LENGTH = 3936;

/** The cookies of an Auth.js session, as a browser sends them. */
export async function authjsCookies(token: JWTPayload, secret: string): Promise<string> {
  const text = await encode({ token, secret, salt: AUTHJS, maxAge: 3600 });
  if (text.length <= CHUNK_LENGTH) return `${AUTHJS}=${text}`;
  const chunks = Array.from({ length: Math.ceil(text.length / CHUNK_LENGTH) }, (_, i) =>
    text.slice(i * CHUNK_LENGTH, (i + 1) * CHUNK_LENGTH),
  );
  return chunks.map((chunk, i) => `${AUTHJS}.${i}=${chunk}`).join('; ');
}

/** The cookie of a NextAuth session (version 4), as `next-auth/jwt` encrypts it. */
export async function nextauthCookie(token: JWTPayload, secret: string): Promise<string> {
  const key = hkdfSync('sha256', secret, '', 'NextAuth.js Generated Encryption Key', 32);
  const made = new EncryptJWT(token).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).setIssuedAt();
  return `next-auth.session-token=${await made.setExpirationTime('1h').encrypt(new Uint8Array(key))}`;
}
