/** A request as a client has sent it. */
export interface SentRequest {
  readonly method: string;
  /** Absolute, as it came. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | ReadableStream<Uint8Array> | null;
}

/**
 * A `Request` with whatever a client may send. That of Node resolves dot segments of its URL, takes no `TRACE` and no body beside a GET:
 * what the edge refuses could not be asked for.
 */
export function edgeRequest({ method, url, headers, body }: SentRequest): Request {
  const { origin } = new URL(url);
  const request = new Request(origin, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
  if (body !== null && !headers.has('content-type')) request.headers.delete('content-type');
  return Object.defineProperties(request, { method: { value: method }, url: { value: url } });
}
