import { Pool } from 'undici';
import { quantile } from './quantile.ts';

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly requests: number;
  /** Ends earlier than `requests` where this is over. */
  readonly atMostMs: number;
  readonly connections: number;
  /** Of every answer; another one fails the run. */
  readonly status: number;
  /** `X-Cache` of every answer; null: whatever it says. */
  readonly cache: string | null;
  readonly headers: () => Record<string, string>;
}

/**
 * Requests over kept connections, one after the other on each. The load shares its machine with what it measures, so it has
 * to be light: a dispatch of undici costs 17 µs of CPU, `node:http` 48 µs, autocannon 22 µs.
 */
export async function load(url: string, options: LoadOptions): Promise<LoadResult> {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: options.connections, pipelining: 1 });
  const timesMs: number[] = [];
  const startedMs = performance.now();
  let left = options.requests;
  const worker = async () => {
    while (left-- > 0 && performance.now() - startedMs < options.atMostMs) {
      const sentMs = performance.now();
      await request(pool, pathname + search, options);
      timesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, worker));
  const seconds = (performance.now() - startedMs) / 1000;
  await pool.close();
  return {
    requests: timesMs.length,
    requestsPerSecond: timesMs.length / seconds,
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
  };
}

function request(pool: Pool, path: string, { status, cache, headers }: LoadOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    pool.dispatch(
      { path, method: 'GET', headers: headers() },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode, fields) {
          if (statusCode !== status) answer = `status ${statusCode}, not ${status}`;
          else if (cache !== null && fields['x-cache'] !== cache)
            answer = `${fields['x-cache']}, not ${cache}`;
        },
        onResponseData() {},
        onResponseEnd() {
          if (answer === '') resolve();
          else reject(new Error(`${path}: ${answer}`));
        },
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}
