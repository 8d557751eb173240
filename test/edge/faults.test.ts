import { createHash } from 'node:crypto';
import http from 'node:http';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { leaseEdge } from '../support/lease-edge.ts';
import type { RunningEdge } from '../support/start-edge.ts';
import { ask, unseen } from './support/client.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const PUBLIC = { 'cache-control': 'public, max-age=60' };
let origin: ScriptedOrigin;
let edge: RunningEdge;
let raw: Server | null = null;
/** The backend of the default origin is the scripted one; this port speaks no HTTP but what a test says. */
let rawPort: number;
let rawEdge: RunningEdge;

beforeAll(async () => {
  ({ edge, origin } = await leaseEdge({ verbose: true }, (ports) => startScriptedOrigin(ports.origin)));
  const nobody = { stop: async () => {} };
  ({ edge: rawEdge } = await leaseEdge({}, async (ports) => {
    rawPort = ports.origin;
    return nobody;
  }));
});
afterAll(async () => {
  await origin?.stop();
  await edge?.stop();
  await rawEdge?.stop();
});
afterEach(async () => {
  const closing = raw;
  raw = null;
  if (closing !== null) await new Promise((resolve) => closing.close(resolve));
});

/** Bytes instead of HTTP, the same for every connection. */
async function answerRaw(bytes: string): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.from(bytes, 'latin1')));
  });
  raw = server;
  await new Promise<void>((resolve) => server.listen(rawPort, '127.0.0.1', resolve));
}

describe('an origin', () => {
  it.each([
    ['that sends garbage', '\u0000\u0001garbage\r\n\r\n'],
    ['that ends in the middle of its headers', 'HTTP/1.1 200 OK\r\nCache-Con'],
    ['that sends nothing', ''],
    [
      'with a header of control characters',
      'HTTP/1.1 200 OK\r\nX-A: \u0001\u0002\r\nContent-Length: 2\r\n\r\nhi',
    ],
    [
      'with two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 20\r\nCache-Control: public, max-age=60\r\n\r\nhi',
    ],
    ['with a status that is none', 'HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\nhi'],
  ])('%s is a 502, and nothing is stored', async (_, bytes) => {
    const target = unseen('/faults');
    await answerRaw(bytes);
    const answer = await ask(rawEdge, null, target);
    expect(answer.status).toBe(502);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    await new Promise((resolve) => raw?.close(resolve));
    await answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nCache-Control: public, max-age=60\r\n\r\nwhole');
    expect(await ask(rawEdge, null, target)).toMatchObject({ status: 200, text: 'whole', cache: 'MISS' });
  });

  it('that redirects to itself is not followed: the client gets the redirect', async () => {
    const target = unseen('/loop');
    origin.answer((request, response) => response.writeHead(302, { location: request.url ?? '' }).end());
    const before = origin.requests.length;
    expect((await ask(edge, null, target)).status).toBe(302);
    expect(origin.requests.length).toBe(before + 1);
  });

  it('that answers 103 first is stored by its final answer alone', async () => {
    const target = unseen('/hints');
    origin.answer((_, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => {
        response.writeHead(200, { ...PUBLIC, 'content-length': 5 }).end('final');
      });
    });
    expect(await ask(edge, null, target)).toMatchObject({ status: 200, text: 'final', cache: 'MISS' });
    expect(await ask(edge, null, target)).toMatchObject({ status: 200, text: 'final', cache: 'HIT' });
  });
});

describe('bodies and clients', () => {
  it('100 MB go through whole, from the origin and from the cache, in bounded memory', async () => {
    const chunk = Buffer.alloc(1_048_576, 'claimcache');
    const whole = createHash('sha256');
    for (let i = 0; i < 100; i++) whole.update(chunk);
    const expected = whole.digest('hex');
    const target = unseen('/large');
    origin.answer(async (_, response) => {
      response.writeHead(200, {
        ...PUBLIC,
        'content-type': 'application/octet-stream',
        'content-length': 100 * chunk.length,
      });
      for (let i = 0; i < 100; i++)
        if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    });
    const heapsOf = () => [...edge.output().matchAll(/using ([\d.]+) (KiB|MiB) of WebAssembly heap/g)];
    const before = heapsOf().length;
    for (const cache of ['MISS', 'HIT']) {
      const { headers, digest } = await download(target);
      expect(headers['x-cache']).toBe(cache);
      expect(digest).toBe(expected);
    }
    // Told when a sandbox ends, and that is some seconds after its last request.
    await expect.poll(() => heapsOf().length).toBeGreaterThan(before);
    const heaps = heapsOf();
    for (const [, size, unit] of heaps) expect(Number(size) / (unit === 'KiB' ? 1024 : 1)).toBeLessThan(90);
  });

  it('a client that reads slowly holds up nobody else', async () => {
    const target = unseen('/slow-reader');
    const body = Buffer.alloc(5_000_000, 'x');
    origin.answer((_, response) =>
      response
        .writeHead(200, { ...PUBLIC, 'content-type': 'text/plain', 'content-length': body.length })
        .end(body),
    );
    const slow = await begin(target);
    slow.pause();
    expect((await ask(edge, null, target)).bytes.length).toBe(body.length);
    origin.answer(page(PUBLIC));
    expect((await ask(edge, null, unseen('/other'))).status).toBe(200);
    slow.destroy();
  });
});

function begin(target: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(new URL(target, edge.url), resolve).on('error', reject);
  });
}

async function download(target: string) {
  const response = await begin(target);
  const hash = createHash('sha256');
  for await (const chunk of response) hash.update(chunk as Buffer);
  return { headers: response.headers, digest: hash.digest('hex') };
}
