import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { HeaderFields } from '../http/header-fields.ts';
import type { OriginRequest } from '../platform/origin-request.ts';

/**
 * Asks an origin over HTTP, as the platform does: `Host`, path and body as they are, no redirect followed, and nothing unpacked, which
 * `fetch` of Node would do.
 *
 * @param base - Where the origin listens, such as `http://127.0.0.1:3000`.
 */
export async function fetchOverHttp(base: string, asked: OriginRequest): Promise<Response> {
  const { protocol, hostname, port } = new URL(base);
  const { authority, target } = partsOf(asked.url);
  const headers = new HeaderFields(asked.headers);
  if (!headers.has('host')) headers.set('host', authority);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = (protocol === 'https:' ? https : http).request({
      agent: false,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      method: asked.method,
      path: target,
      setHost: false,
      headers: headers.pairs().flat(),
    });
    request.on('response', resolve).on('error', reject);
    const { body } = asked;
    if (body === null || body instanceof Uint8Array) request.end(body ?? undefined);
    else
      Readable.fromWeb(body as never)
        .on('error', (error) => request.destroy(error))
        .pipe(request);
  });
  return responseOf(answer, asked.method);
}

/** Authority and target of an absolute URL, as they stand there. */
function partsOf(url: string): { readonly authority: string; readonly target: string } {
  const [, authority = '', target = ''] = /^[a-z]+:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  return { authority, target: target.startsWith('/') ? target : `/${target}` };
}

function responseOf(answer: IncomingMessage, method: string): Response {
  const status = answer.statusCode ?? 0;
  const headers = new Headers();
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = answer.rawHeaders.slice(i, i + 2);
    // As on the platform: `chunked` is taken off, and no other coding.
    if (!/^transfer-encoding$/i.test(name) || !/^chunked$/i.test(value)) headers.append(name, value);
  }
  const hasBody = method !== 'HEAD' && ![204, 205, 304].includes(status);
  if (!hasBody) answer.resume();
  const body = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null;
  // A `Response` of Node takes no status beyond 200 to 599; whether one is usable is for the engine to say.
  return Object.defineProperty(new Response(body, { headers }), 'status', { value: status });
}
