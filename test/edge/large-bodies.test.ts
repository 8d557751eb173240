import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import http2 from 'node:http2';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import { loggedEngine } from '../support/test-engine.ts';
import { ask, tokenOf, unseen } from './support/client.ts';
import { gate } from './support/gate.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

const [alice] = PEOPLE as [Person];
const TEN_MB = 10 * 1024 * 1024;
const body = randomBytes(TEN_MB);
const digest = digestOf(body);
const FRESH = { 'cache-control': 'private, max-age=300', 'content-type': 'application/octet-stream' };
let stack: ScriptedStack;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack();
  token = await tokenOf(alice);
});
afterAll(() => stack?.stop());

const ANNOUNCED = { ...FRESH, 'content-length': String(TEN_MB) };

it('a body of 10 MB comes whole, from the origin and from the cache', async () => {
  const target = unseen('/api/orders');
  stack.origin.answer((_request, response) => response.writeHead(200, ANNOUNCED).end(body));
  for (const state of ['MISS', 'HIT', 'HIT']) {
    const answer = await ask(stack.edge, token, target);
    expect(answer.status).toBe(200);
    expect(digestOf(answer.bytes)).toBe(digest);
    expect(answer.cache).toBe(state);
    // A download can show how far it is, and whether it is whole.
    expect(answer.headers['content-length']).toBe(String(TEN_MB));
  }
  const head = await ask(stack.edge, token, target, { method: 'HEAD' });
  expect(head).toMatchObject({ status: 200, cache: 'HIT', text: '' });
  expect(head.headers['content-length']).toBe(String(TEN_MB));
  const part = await ask(stack.edge, token, target, { headers: { range: `bytes=1-${TEN_MB / 2}` } });
  expect(part).toMatchObject({ status: 206, cache: 'HIT' });
  expect(part.headers['content-length']).toBe(String(TEN_MB / 2));
  expect(part.bytes.equals(body.subarray(1, TEN_MB / 2 + 1))).toBe(true);
});

/** Fastly's HTTP cache knows the end of a body that nothing announces, and streams each: docs/proof/conformance.md, where the engines differ. */
const isReadthrough = loggedEngine() === 'readthrough';

it('a body of 10 MB whose end nothing announces comes whole, and is stored', async () => {
  const target = unseen('/api/orders');
  stack.origin.answer((_request, response) => response.writeHead(200, FRESH).end(body));
  for (let i = 0; i < 3; i++) {
    const answer = await ask(stack.edge, token, target);
    expect(answer.status).toBe(200);
    expect(digestOf(answer.bytes)).toBe(digest);
    expect(answer.cache).toBe(i > 0 ? 'HIT' : 'MISS');
  }
});

it('a passed body of 10 MB comes whole, and is not stored', async () => {
  stack.origin.answer((_request, response) => response.writeHead(200, FRESH).end(body));
  for (let i = 0; i < 2; i++) {
    const answer = await ask(stack.edge, token, '/api/payment-methods');
    expect(digestOf(answer.bytes)).toBe(digest);
    expect(answer.cache).toBe('BYPASS');
  }
});

it('a large body is on its way to the client before the origin has ended it', async () => {
  const target = unseen('/api/orders');
  const seen = gate();
  stack.origin.answer(async (_request, response) => {
    response.writeHead(200, ANNOUNCED).write(body.subarray(0, TEN_MB / 2));
    await seen.opened;
    response.end(body.subarray(TEN_MB / 2));
  });
  const response = await begin(target);
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    seen.open();
  });
  await once(response, 'end');
  expect(digestOf(Buffer.concat(chunks))).toBe(digest);
});

it('of two requests for a large body the second reads what the first is fetching', async () => {
  const target = unseen('/api/orders');
  const seen = gate();
  stack.origin.answer(async (_request, response) => {
    response.writeHead(200, ANNOUNCED).write(body.subarray(0, TEN_MB / 2));
    await seen.opened;
    response.end(body.subarray(TEN_MB / 2));
  });
  const before = stack.origin.requests.length;
  const first = await begin(target);
  await once(first, 'data');
  first.resume();
  const second = ask(stack.edge, token, target);
  seen.open();
  expect(digestOf((await second).bytes)).toBe(digest);
  expect(stack.origin.requests.length).toBe(before + 1);
});

it.each([
  ['a page of a scope', () => unseen('/api/orders')],
  ['a pass', () => '/api/payment-methods'],
])('%s that breaks off on its way does not look whole', async (_, targetOf) => {
  const begun = gate();
  stack.origin.answer(async (_request, response) => {
    response.writeHead(200, ANNOUNCED).write(body.subarray(0, TEN_MB / 2));
    await begun.opened;
    response.destroy();
  });
  const response = await begin(targetOf());
  begun.open();
  await expect(once(response.resume(), 'end')).rejects.toThrow('aborted');
});

it(`a page of a scope that breaks off at once is ${isReadthrough ? 'cut off' : 'a 502'}`, async () => {
  stack.origin.answer((_request, response) => {
    response.writeHead(200, ANNOUNCED).write(body.subarray(0, TEN_MB / 2), () => response.destroy());
  });
  const answer = ask(stack.edge, token, unseen('/api/orders'));
  if (isReadthrough) await expect(answer).rejects.toThrow('aborted');
  else expect((await answer).status).toBe(502);
});

it.each(['private, max-age=300', 'no-store'])(
  'a small body that breaks off is a 502 (%s)',
  async (control) => {
    stack.origin.answer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000', 'cache-control': control });
      response.write('x'.repeat(500), () => response.destroy());
    });
    const answer = await ask(stack.edge, token, unseen('/api/orders'));
    expect(answer.status).toBe(502);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  },
);

it('a body that breaks off is never stored as if it were whole', async () => {
  for (const length of [TEN_MB, 1000]) {
    const target = unseen('/api/orders');
    const whole = body.subarray(0, length);
    stack.origin.answer((_request, response) => {
      response.writeHead(200, { ...FRESH, 'content-length': String(length) });
      response.write(whole.subarray(0, length / 2), () => response.destroy());
    });
    const broken = await ask(stack.edge, token, target).catch(() => null);
    // Where the head had gone out already, the body is short; else it is an error.
    if (broken !== null && broken.status !== 502) expect(broken.bytes.length).toBeLessThan(length);

    stack.origin.answer((_request, response) => {
      response.writeHead(200, { ...FRESH, 'content-length': String(length) }).end(whole);
    });
    const next = await ask(stack.edge, token, target);
    expect(next.status).toBe(200);
    expect(digestOf(next.bytes)).toBe(digestOf(whole));
    expect(next.cache).not.toBe('HIT');
  }
});

it.each([
  [
    'application/json',
    Buffer.from(JSON.stringify({ orders: Array.from({ length: 100 }, (_, id) => ({ id })) })),
  ],
  ['text/html', Buffer.from(`<!doctype html><html><body>${'<p>text</p>'.repeat(100)}</body></html>`)],
])('%s in chunks that breaks off shows it, and is not stored', async (type, whole) => {
  const target = unseen('/api/orders');
  const head = { ...FRESH, 'content-type': type };
  stack.origin.answer((_request, response) => {
    response.writeHead(200, head).write(whole.subarray(0, whole.length / 2), () => response.destroy());
  });
  await ask(stack.edge, token, target).catch(() => null);
  stack.origin.answer((_request, response) => response.writeHead(200, head).end(whole));
  const next = await ask(stack.edge, token, target);
  expect(next.text).toBe(whole.toString());
  expect(next.cache).toBe('MISS');
});

it.each(['application/json', 'text/html', 'text/plain'])(
  '%s in chunks of which none comes is not stored, whatever its reader was told',
  async (type) => {
    const target = unseen('/api/orders');
    const head = { ...FRESH, 'content-type': type };
    stack.origin.answer((_request, response) => {
      response.writeHead(200, head).flushHeaders();
      setTimeout(() => response.destroy(), 20);
    });
    await ask(stack.edge, token, target).catch(() => null);
    stack.origin.answer((_request, response) => response.writeHead(200, head).end('{}'));
    expect(await ask(stack.edge, token, target)).toMatchObject({ text: '{}', cache: 'MISS' });
  },
);

it('an empty redirect in chunks is stored', async () => {
  const target = unseen('/api/orders');
  stack.origin.answer((_request, response) => {
    response.writeHead(301, { ...FRESH, location: '/elsewhere' }).flushHeaders();
    response.end();
  });
  for (const cache of ['MISS', 'HIT'])
    expect(await ask(stack.edge, token, target)).toMatchObject({ status: 301, text: '', cache });
});

it('a client that goes away does not keep the next one from the whole body', async () => {
  const target = unseen('/api/orders');
  stack.origin.answer((_request, response) => response.writeHead(200, ANNOUNCED).end(body));
  const response = await begin(target);
  await once(response, 'data');
  response.destroy();
  const next = await ask(stack.edge, token, target);
  expect(digestOf(next.bytes)).toBe(digest);
});

/** Begins a GET, and resolves with the response at its head. */
async function begin(target: string): Promise<IncomingMessage> {
  const request = http.get(`${stack.edge.url}${target}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}` },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

it('a body that nothing announces, as HTTP/2 allows, reaches the origin whole', async () => {
  const arrived: string[] = [];
  stack.origin.answer(async (request, response) => {
    arrived.push(`${request.method} ${await text(request)}`);
    response.writeHead(204).end();
  });
  const session = http2.connect(stack.edge.url);
  try {
    for (const [method, ...parts] of [['POST', 'streamed ', 'body'], ['DELETE']]) {
      const stream = session.request({ ':method': method, ':path': '/form' });
      for (const part of parts) stream.write(part);
      stream.end();
      const [headers] = await once(stream, 'response');
      expect(headers[':status']).toBe(204);
      stream.close();
    }
  } finally {
    session.close();
  }
  expect(arrived).toEqual(['POST streamed body', 'DELETE ']);
});
