import { createServerClient } from '@supabase/ssr';
import { expect } from 'vitest';

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
  await expect.poll(() => cookies.length).toBeGreaterThan(0);
  return cookies;
}
