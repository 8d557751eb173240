import type { OriginRequest } from '../types/readthrough.ts';
import type { FetchKeys } from './ports.ts';
import { readText } from './read-text.ts';

/** Real key sets have a few kilobytes. */
const MAX_BYTES = 131_072;

/** {@link FetchKeys} over the platform's `fetchOrigin`: 200 only, no redirect followed, size and time bounded. */
export function createFetchKeys(fetchOrigin: (request: OriginRequest) => Promise<Response>): FetchKeys {
  return ({ backend, url, timeoutMs }) =>
    withTimeout(timeoutMs, async () => {
      const headers = new Headers({ accept: 'application/jwk-set+json, application/json' });
      const response = await fetchOrigin({ backend, method: 'GET', url, headers, body: null });
      if (response.status !== 200 || response.body === null) throw new Error('key server: not 200');
      return readText(response.body as ReadableStream<Uint8Array>, MAX_BYTES);
    });
}

/** The work goes on past the timeout, there is no way to end it; nobody waits for it any longer. */
async function withTimeout<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('key server: timeout')), timeoutMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
