import type { Pool } from 'undici';
import type { Page } from './page-origin.ts';

export interface Asked {
  readonly page: Page;
  /** `X-Cache`. */
  readonly cache: string;
  readonly firstByteMs: number;
}

/** One request as the holder of a token. */
export async function ask(
  pool: Pool,
  path: string,
  token: string,
  method: 'GET' | 'PUT' = 'GET',
): Promise<Asked> {
  const startedMs = performance.now();
  const { statusCode, headers, body } = await pool.request({
    path,
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  const firstByteMs = performance.now() - startedMs;
  if (statusCode !== 200) throw new Error(`${method} ${path}: status ${statusCode}`);
  return { page: (await body.json()) as Page, cache: String(headers['x-cache']), firstByteMs };
}
