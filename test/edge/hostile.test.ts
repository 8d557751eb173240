import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personNamed } from '../site/people.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { ask, tokenOf } from './support/client.ts';

const REQUESTS = 10_000;
const AT_ONCE = 32;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function malformed(random: () => number): Buffer {
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const path = pick([
    '/api/orders',
    '/api/profile',
    '/',
    '/pages/welcome',
    '/.edge/purge',
    '/api/orders/x.css',
  ]);
  const lines = (...extra: string[]) =>
    Buffer.from(
      [`GET ${path} HTTP/1.1`, 'Host: www.test', ...extra, 'Connection: close', '', ''].join('\r\n'),
      'latin1',
    );
  switch (Math.floor(random() * 12)) {
    case 0:
      return bytes(1 + Math.floor(random() * 200));
    case 1:
      return lines(...Array.from({ length: 200 }, (_, i) => `X-${i}: ${'a'.repeat(100)}`));
    case 2:
      return lines(`Cookie: ${'a=b; '.repeat(4000)}`);
    case 3:
      return lines(
        `Cookie: cms_session=${bytes(50)
          .toString('latin1')
          .replace(/[\r\n\0]/g, '')}`,
      );
    case 4:
      return lines(
        `Authorization: Bearer ${bytes(300).toString('base64url')}.${bytes(30).toString('base64url')}.`,
      );
    case 5:
      return lines(
        `Authorization: ${bytes(80)
          .toString('latin1')
          .replace(/[\r\n\0]/g, '')}`,
      );
    case 6:
      return Buffer.from(
        `GET ${path}${pick(['%00', '%2f..', ';x', '//', '\\', '?'.repeat(300), '/'.repeat(5000)])} HTTP/1.1\r\nHost: www.test\r\nConnection: close\r\n\r\n`,
      );
    case 7:
      return Buffer.from(
        `${pick(['PURGE', 'BREW', 'get', 'TRACE', 'CONNECT', 'G\u0000T'])} ${path} HTTP/1.1\r\nHost: www.test\r\nConnection: close\r\n\r\n`,
      );
    case 8:
      return Buffer.from(
        `GET ${path} HTTP/1.1\r\nHost: ${pick(['', 'a b', 'x@y', '..', 'a'.repeat(3000)])}\r\nConnection: close\r\n\r\n`,
      );
    case 9:
      return Buffer.from(
        `POST ${path} HTTP/1.1\r\nHost: www.test\r\nContent-Length: ${pick(['-1', 'x', '5, 6', '99999999999999999999'])}\r\nConnection: close\r\n\r\nhello`,
      );
    case 10:
      return Buffer.from(
        `POST ${path} HTTP/1.1\r\nHost: www.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\nConnection: close\r\n\r\n${pick(['zz\r\n', '0\r\n\r\nGET /api/orders HTTP/1.1\r\n\r\n', 'ffffffffff\r\n'])}`,
      );
    default:
      return lines(
        'Surrogate-Key: user:42',
        'Fastly-Xqd-Cache-Key: x',
        'X-Claimcache-Claims: {"sub":"42"}',
        `Range: bytes=${bytes(4).toString('hex')}-`,
        'If-None-Match: *',
      );
  }
}

/** Sends bytes and reads what comes, until the other side has ended or half a second has passed in silence. */
function exchange(bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(stack.edgeUrl);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(500, () => socket.destroy());
    socket.setEncoding('latin1').on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}

test(`${REQUESTS} malformed requests: no 500, nobody's page, nothing stored, and all is normal afterwards`, async () => {
  const alice = personNamed('alice');
  if (alice === undefined) throw new Error('no alice');
  const token = await tokenOf(alice);
  await ask(stack.edge, token, '/api/orders');
  expect(await ask(stack.edge, token, '/api/orders')).toMatchObject({ cache: 'HIT' });

  const seed = Number(process.env.HOSTILE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`HOSTILE_SEED=${seed}`);
  const random = randomFrom(seed);
  const statuses = new Map<string, number>();
  let left = REQUESTS;
  const worker = async () => {
    while (left-- > 0) {
      const answer = await exchange(malformed(random));
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'closed';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(answer).not.toContain('canary-');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  console.log(Object.fromEntries([...statuses].sort()));
  expect(statuses.get('500') ?? 0).toBe(0);

  expect(await ask(stack.edge, token, '/api/orders')).toMatchObject({ status: 200, cache: 'HIT' });
  expect((await ask(stack.edge, null, '/api/orders')).status).toBe(401);
});
