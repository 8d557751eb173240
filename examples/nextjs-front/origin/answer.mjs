import { timingSafeEqual } from 'node:crypto';

/** Whether a request comes from the edge, which proves itself by the secret of the policy's `lock`. */
export function isFromTheEdge(request) {
  const secret = Buffer.from(process.env.ORIGIN_SECRET ?? '');
  const sent = Buffer.from(request.headers['x-origin-secret'] ?? '');
  return secret.length > 0 && sent.length === secret.length && timingSafeEqual(sent, secret);
}

export function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(value));
}

export function html(response, status, body, headers = {}) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(`<!doctype html><html lang="en"><title>Example</title><body>${body}</body></html>`);
}

export async function bodyOf(request) {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  return body;
}

/** Cookies of a request, by name. */
export function cookiesOf(request) {
  const pairs = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}
