import http, { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';

/** A connection each: none that the other side has just closed for being idle is ever used again. */
const agents = { 'http:': new http.Agent({ maxSockets: 64 }), 'https:': new https.Agent({ maxSockets: 64 }) };

export interface SendOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** The address that the request comes from: any of 127.0.0.0/8 on Linux. */
  readonly localAddress?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** HIT, MISS, STALE, BYPASS or ERROR. */
  readonly cache: string | undefined;
  /** The body as JSON; what it holds is for the test to say. */
  json<T>(): T;
}

/**
 * One HTTP request. `target` goes out as it stands, which `fetch` would not do: dot segments, backslashes and odd escapes
 * reach the other side.
 */
export async function send(
  baseUrl: string,
  target: string,
  { method = 'GET', headers = {}, body, localAddress }: SendOptions = {},
): Promise<Answer> {
  const { protocol, hostname, port } = new URL(baseUrl);
  const { request } = protocol === 'https:' ? https : http;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request({
      agent: agents[protocol as keyof typeof agents],
      ...(localAddress === undefined ? {} : { localAddress }),
      hostname,
      port,
      method,
      path: target,
      headers: { ...length, ...headers },
    })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    text: bytes.toString('utf8'),
    cache: response.headers['x-cache'] as string | undefined,
    json: () => JSON.parse(bytes.toString('utf8')),
  };
}
