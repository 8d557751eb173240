import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE } from '../site/people.ts';
import { ask, tokenOf } from './support/client.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

const CLIENTS = 8;
const PHASE_MS = 1500;
/** Each client asks for thirty pages in turn. */
const PHASE_ANSWERS = 100;
const ROUTES = ['/api/orders', '/api/dashboard', '/api/profile'];

let stack: ScriptedStack;
beforeAll(async () => {
  stack = await startScriptedStack();
});
afterAll(() => stack?.stop());

/** Whoever asks gets a page with their own name, by the token that they sent. */
const good: RequestListener = (request, response) => {
  const { sub } = decodeJwt((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  const body = JSON.stringify({ pageOf: sub });
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'private, max-age=1, stale-if-error=60',
      'content-length': body.length,
    })
    .end(body);
};

const FAULTS: readonly [string, RequestListener | null][] = [
  ['503', (_, response) => response.writeHead(503, { 'content-length': 4 }).end('down')],
  ['reset', (request) => request.socket.destroy()],
  [
    'cut off',
    (_, response) =>
      response
        .writeHead(200, { 'content-length': 100, 'cache-control': 'private, max-age=60' })
        .write('{"pageOf"', () => response.destroy()),
  ],
  ['slow', (request, response) => void setTimeout(() => good(request, response), 300)],
  ['down', null],
];

test('under load, with an origin in every kind of trouble, nobody sees another’s page, and afterwards all is normal', async () => {
  const people = await Promise.all(
    PEOPLE.map(async (person) => ({ sub: person.sub, token: await tokenOf(person) })),
  );
  const counts: Record<string, Record<string, number>> = {};
  let phase = 'warm';
  let running = true;
  stack.origin.answer(good);

  const client = async (n: number) => {
    for (let i = n; running; i++) {
      const { sub, token } = people[i % people.length] ?? { sub: '', token: '' };
      const answer = await ask(stack.edge, token, `${ROUTES[i % ROUTES.length]}?page=${i % 5}`);
      const ofPhase = counts[phase] ?? {};
      counts[phase] = ofPhase;
      const outcome = `${answer.status} ${answer.cache}`;
      ofPhase[outcome] = (ofPhase[outcome] ?? 0) + 1;
      if (answer.status === 200) expect(answer.json<{ pageOf: string }>().pageOf).toBe(sub);
      else expect([502, 503, 504]).toContain(answer.status);
    }
  };
  const load = Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n * 7)));
  const answersIn = (name: string) => Object.values(counts[name] ?? {}).reduce((sum, n) => sum + n, 0);
  // What is kept for a second has gone stale by then, and on a slow machine everything was asked for, too.
  const pass = async () => {
    await sleep(PHASE_MS);
    while (answersIn(phase) < PHASE_ANSWERS) await sleep(50);
  };

  await pass();
  for (const [name, listener] of FAULTS) {
    phase = name;
    if (listener === null) await stack.origin.whileDown(pass);
    else {
      stack.origin.answer(listener);
      await pass();
    }
    stack.origin.answer(good);
    phase = `after ${name}`;
    await pass();
  }
  running = false;
  await load;
  console.log(JSON.stringify(counts, null, 1));

  for (const { sub, token } of people) {
    const answer = await ask(stack.edge, token, '/api/orders?page=0');
    expect(answer.status).toBe(200);
    expect(answer.json<{ pageOf: string }>().pageOf).toBe(sub);
  }
  // What was warm went on from the cache while the origin was away.
  for (const name of ['503', 'reset', 'down']) expect(counts[name]?.['200 STALE'] ?? 0).toBeGreaterThan(0);
});
