import type { IncomingHttpHeaders } from 'node:http';
import { getToken } from '@auth/core/jwt';
import { combineChunks, parseCookieHeader } from '@supabase/ssr';
import { jwtVerify } from 'jose';
import { AUTHJS } from '../support/auth-sessions.ts';

/** Of the Auth.js application on this site. */
export const AUTH_SECRET = 'the secret of the Auth.js application of this site';
/** What `@supabase/ssr` calls its cookie for the project of `test/support/supabase-cookies.ts`. */
const SUPABASE = 'sb-abcdefghijklmnopqrst-auth-token';

/**
 * Whom the token in a request is of, as the library reads it that has made the cookie; null: nobody, undefined: the page asks for none.
 */
export async function subjectOfToken(
  pathname: string,
  { cookie = '' }: IncomingHttpHeaders,
  appSecret: string,
): Promise<string | null | undefined> {
  if (pathname === '/authjs') {
    const token = await getToken({
      req: { headers: { cookie } },
      secret: AUTH_SECRET,
      cookieName: AUTHJS,
      secureCookie: true,
    });
    return token?.sub ?? null;
  }
  if (pathname !== '/supabase') return undefined;
  const cookies = new Map(parseCookieHeader(cookie).map(({ name, value = '' }) => [name, value]));
  const kept = await combineChunks(SUPABASE, async (name) => cookies.get(name));
  if (!kept?.startsWith('base64-')) return null;
  const { access_token } = JSON.parse(Buffer.from(kept.slice('base64-'.length), 'base64url').toString());
  try {
    return (await jwtVerify(access_token, new TextEncoder().encode(appSecret))).payload.sub ?? null;
  } catch {
    return null;
  }
}
