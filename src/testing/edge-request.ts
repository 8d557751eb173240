/** A request as somebody has sent it. */
export interface SentRequest {
  readonly method: string;
  /** Absolute, as it came. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
}

/**
 * A `Request` with whatever may be sent. That of Node resolves dot segments of its URL, and takes no `TRACE` and no body beside a GET:
 * what the edge refuses or passes could not be asked for.
 */
export function edgeRequest({ method, url, headers, body }: SentRequest): Request {
  const init = { headers, body, duplex: 'half' } as RequestInit;
  const isPlain =
    !FORBIDDEN.has(method) && (body === null || !WITHOUT_BODY.has(method)) && new URL(url).href === url;
  const request = isPlain
    ? new Request(url, { ...init, method })
    : Object.defineProperties(new Request(new URL(url).origin, { ...init, method: 'POST' }), {
        method: { value: method },
        url: { value: url },
      });
  // Node has put one there of its own.
  if (!headers.has('content-type')) request.headers.delete('content-type');
  return request;
}

const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK']);
const WITHOUT_BODY = new Set(['GET', 'HEAD']);
