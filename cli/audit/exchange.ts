import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Answer } from './types.ts';

/** More of a page is not looked at. */
const MAX_BODY_BYTES = 8 * 2 ** 20;

export interface ExchangeOptions {
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * One request, as it stands: `fetch` would follow redirects, join and hide fields, and send some of its own.
 *
 * @throws {Error} Where nobody answers, or not in time. Its message quotes nothing that was sent.
 */
export async function exchange(base: URL, target: string, options: ExchangeOptions): Promise<Answer> {
  try {
    return await once(base, target, options);
  } catch (error) {
    // A kept connection that the other side has just closed.
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return once(base, target, options);
    throw error;
  }
}

const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 64, timeout: 4000 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 64, timeout: 4000 }),
};

async function once(
  base: URL,
  target: string,
  { method, headers, timeoutMs }: ExchangeOptions,
): Promise<Answer> {
  const { request } = base.protocol === 'https:' ? https : http;
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(base, {
      agent: agents[base.protocol as keyof typeof agents],
      method,
      path: target,
      headers,
      signal,
    })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  const body = await decoded(Buffer.concat(chunks), response.headers['content-encoding']);
  return {
    status: response.statusCode ?? 0,
    headers: fieldsOf(response),
    setCookies: response.headers['set-cookie'] ?? [],
    text: body.toString('utf8'),
    bodyBytes: bytes,
  };
}

/** Joined as RFC 9110 section 5.3 says, in their order, and otherwise byte for byte. */
function fieldsOf({ rawHeaders }: IncomingMessage): Map<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}

const LIMIT = { maxOutputLength: 4 * MAX_BODY_BYTES };
const DECODERS: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  gzip: (body) => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)(body, LIMIT),
  deflate: (body) => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate)(body, LIMIT),
  br: (body) => promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress)(body, LIMIT),
};

/** A marker is found in a compressed page, too. What cannot be decoded is looked at as it is. */
async function decoded(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const decode = DECODERS[encoding?.trim().toLowerCase() ?? ''];
  if (decode === undefined || body.length === 0) return body;
  return decode(body).catch(() => body);
}
