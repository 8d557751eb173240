import http from 'node:http';
import { quantile } from './quantile.ts';

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** So many requests over so many kept connections, one after the other on each. Fails on an unexpected status. */
export async function load(
  url: string,
  {
    requests,
    connections,
    status,
    headers,
  }: { requests: number; connections: number; status: number; headers: () => Record<string, string> },
): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const timesMs: number[] = [];
  let left = requests;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const startedMs = performance.now();
      http
        .get(url, { agent, headers: headers() }, (response) => {
          if (response.statusCode !== status)
            reject(new Error(`status ${response.statusCode}, not ${status}`));
          response.resume().on('end', () => {
            timesMs.push(performance.now() - startedMs);
            resolve();
          });
        })
        .on('error', reject);
    });
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) await one();
    }),
  );
  const seconds = (performance.now() - startedMs) / 1000;
  agent.destroy();
  return {
    requestsPerSecond: requests / seconds,
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
  };
}
