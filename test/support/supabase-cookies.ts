import { setTimeout as sleep } from 'node:timers/promises';
import { createServerClient } from '@supabase/ssr';

/**
 * The cookies that @supabase/ssr sets for a session with this access token, as a browser sends them: `name=value`.
 *
 * @param about - Of the user, who is part of what the library keeps: a long one makes chunks of it.
 */
export async function supabaseCookies(accessToken: string, about = ''): Promise<string[]> {
  const cookies: string[] = [];
  const client = createServerClient('https://abcdefghijklmnopqrst.supabase.co', 'public-key', {
    // The library asks its server who the token is of.
    global: { fetch: async () => Response.json({ id: 'u1', user_metadata: { about } }) },
    cookies: {
      getAll: () => [],
      setAll: (set) => {
        for (const { name, value } of set) if (value !== '') cookies.push(`${name}=${value}`);
      },
    },
  });
  const { error } = await client.auth.setSession({ access_token: accessToken, refresh_token: 'refresh' });
  if (error !== null) throw error;
  // It sets them once its listeners have heard of the session.
  for (let i = 0; i < 1000 && cookies.length === 0; i++) await sleep(5);
  if (cookies.length === 0) throw new Error('@supabase/ssr has set no cookie');
  return cookies;
}
