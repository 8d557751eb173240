import { gunzip } from '../http/gunzip.ts';
import { readBytes } from '../http/read-bytes.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { FetchKeys } from './ports.ts';
import { redirectTarget } from './redirect-target.ts';
import { withTimeout } from './with-timeout.ts';

/** Real key sets have a few kilobytes. */
const MAX_BYTES = 131_072;
const MAX_REDIRECTS = 3;
const HEADERS = { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' };

/**
 * {@link FetchKeys} over the platform's `fetchOrigin`: 200 in the end, redirects on the same origin alone, size and time bounded. gzip is
 * unpacked, though nobody asked for it: some servers know nothing else.
 */
export function createFetchKeys(fetchOrigin: (request: OriginRequest) => Promise<Response>): FetchKeys {
  return ({ backend, url, timeoutMs }) =>
    withTimeout('key server', timeoutMs, async () => {
      let at = url;
      for (let redirects = 0; ; redirects++) {
        const request = {
          backend,
          method: 'GET',
          url: at,
          headers: new Headers(HEADERS),
          body: null,
        };
        const response = await fetchOrigin(request);
        const next = redirectTarget(response, at);
        if (next === null) return readAnswer(response);
        response.body?.cancel().catch(() => {});
        if (redirects === MAX_REDIRECTS) throw new Error(`key server: more than ${MAX_REDIRECTS} redirects`);
        at = next;
      }
    });
}

async function readAnswer(response: Response): Promise<string> {
  if (response.status !== 200 || response.body === null)
    throw new Error(`key server: status ${response.status}`);
  const sent = await readBytes(response.body as ReadableStream<Uint8Array>, MAX_BYTES);
  if (sent === null) throw new Error('key server: the body is too large');
  // By what it is: a server that packs what it was not asked to may not say so either. No JSON begins like this.
  const isPacked = sent[0] === 0x1f && sent[1] === 0x8b;
  const bytes = isPacked ? await gunzip(sent, MAX_BYTES) : sent;
  if (bytes === null) throw new Error('key server: the body is too large');
  return new TextDecoder().decode(bytes);
}
