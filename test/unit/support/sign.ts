import { SignJWT } from 'jose';
import { SECRET } from '../../../src/testing/memory-platform.ts';

/** A token that the double's secret verifies. */
export function sign(claims: Record<string, unknown>, expiresInSeconds = 900): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + expiresInSeconds;
  return new SignJWT({ ...claims, exp })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}
