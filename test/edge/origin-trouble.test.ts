import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../../demo/origin/people.ts';
import { demoKeys } from '../../scripts/demo-keys.ts';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { gate } from './support/gate.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const [alice, bob] = PEOPLE as [Person, Person];
const FRESH = { 'cache-control': 'private, max-age=300' };
let edge: RunningEdge;
let origin: ScriptedOrigin;
let token: string;

beforeAll(async () => {
  const wasm = await buildService({ name: 'variants', policy: 'test/edge/policies/variants.ts' });
  origin = await startScriptedOrigin();
  edge = await startEdge({ originUrl: origin.url, wasm });
  token = await tokenOf(alice);
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});
beforeEach(() => origin.answer(page(FRESH)));

const get = (target: string, who: string | null = token) => ask(edge, who, target);

/** Makes what is stored for Alice stale, whatever its age. */
async function makeStale(): Promise<void> {
  const body = '{"scope":"user","value":"42","soft":true}';
  const { operatorToken } = await demoKeys();
  expect((await ask(edge, operatorToken, '/.edge/purge', { method: 'POST', body })).status).toBe(200);
}

async function whileDown(work: () => Promise<void>): Promise<void> {
  await origin.goDown();
  try {
    await work();
  } finally {
    await origin.comeBack();
  }
}

describe('an origin that is down', () => {
  it.each([
    ['a scoped page', '/own/a', true],
    ['a public page', '/news/a', false],
    ['a passed page', '/around', false],
  ])('%s is 502 as problem details, without a word of the cause', async (_what, path, personal) => {
    await whileDown(async () => {
      const [line] = await loggedBy(edge, async () => {
        const answer = await get(unseen(path), personal ? token : null);
        expect(answer.status).toBe(502);
        expect(answer.headers['content-type']).toBe('application/problem+json');
        expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
        expect(answer.cache).toBe('ERROR');
        expect(answer.json()).toMatchObject({ status: 502, title: 'Bad gateway' });
        expect(answer.text).not.toMatch(/127\.0\.0\.1|refused|connect|error at/i);
      });
      expect(line).toMatchObject({ status: 502, state: 'ERROR', code: 'ERR_ORIGIN_UNREACHABLE' });
    });
    const after = await get(unseen(path), personal ? token : null);
    expect(after.status).toBe(200);
  });

  it('is not noticed by whoever hits', async () => {
    const target = unseen('/own/a');
    await get(target);
    await whileDown(async () => {
      const answer = await get(target);
      expect(answer.cache).toBe('HIT');
      expect(answer.status).toBe(200);
    });
  });

  it('lets the next request try again at once: the failure is not kept', async () => {
    const target = unseen('/own/a');
    await whileDown(async () => expect((await get(target)).status).toBe(502));
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect((await get(target)).text).toBe(answer.text);
  });
});

describe('stale-if-error', () => {
  const withStale = { ...FRESH, 'cache-control': 'private, max-age=300, stale-if-error=600' };

  it('serves the stale page when the origin is down', async () => {
    const target = unseen('/own/a');
    origin.answer(page(withStale));
    const old = await get(target);
    await makeStale();
    await whileDown(async () => {
      for (let i = 0; i < 2; i++) {
        const answer = await get(target);
        expect(answer.status).toBe(200);
        expect(answer.cache).toBe('STALE');
        expect(answer.text).toBe(old.text);
      }
    });
    const next = await get(target);
    expect(next.cache).toBe('MISS');
    expect(next.text).not.toBe(old.text);
  });

  it.each([500, 502, 503, 504])('serves the stale page when the origin answers %i', async (status) => {
    const target = unseen('/own/a');
    origin.answer(page(withStale));
    const old = await get(target);
    await makeStale();
    origin.answer(page({}, status));
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(answer.cache).toBe('STALE');
    expect(answer.text).toBe(old.text);
  });

  it.each([403, 404, 410])(
    'passes on what the origin answers when it is %i: that is no failure',
    async (status) => {
      const target = unseen('/own/a');
      origin.answer(page(withStale));
      await get(target);
      await makeStale();
      origin.answer(page({}, status));
      expect((await get(target)).status).toBe(status);
    },
  );

  it.each([
    ['without it', 'private, max-age=300'],
    ['beside must-revalidate', 'private, max-age=300, stale-if-error=600, must-revalidate'],
  ])('%s a failure is shown', async (_what, cacheControl) => {
    const target = unseen('/own/a');
    origin.answer(page({ 'cache-control': cacheControl }));
    await get(target);
    await makeStale();
    await whileDown(async () => expect((await get(target)).status).toBe(502));
    await makeStale();
    origin.answer(page({}, 503));
    expect((await get(target)).status).toBe(503);
  });

  it('is never for somebody else', async () => {
    const target = unseen('/own/a');
    origin.answer(page(withStale));
    await get(target);
    await makeStale();
    await whileDown(async () => {
      expect((await get(target, await tokenOf(bob))).status).toBe(502);
      expect((await get(target, null)).status).toBe(401);
    });
  });
});

describe('stale-while-revalidate', () => {
  it.each([
    ['without a validator', {}],
    ['with a validator that holds', { etag: '"same"' }],
  ])('%s: the stale page once more, then a fresh one', async (_what, more) => {
    const target = unseen('/own/a');
    const answer = page({ 'cache-control': 'private, max-age=300, stale-while-revalidate=60', ...more });
    origin.answer((request, response) => {
      if (request.headers['if-none-match'] === '"same"') response.writeHead(304, { etag: '"same"' }).end();
      else answer(request, response);
    });
    const old = await get(target);
    await makeStale();
    const before = origin.requests.length;
    const stale = await get(target);
    expect(stale.cache).toBe('STALE');
    expect(stale.text).toBe(old.text);
    await expect.poll(async () => (await get(target)).cache).toBe('HIT');
    expect(origin.requests.length).toBe(before + 1);
    const fresh = await get(target);
    expect(fresh.text === old.text).toBe('etag' in more);
  });

  it('a refresh that fails leaves the stale page where it is', async () => {
    const target = unseen('/own/a');
    origin.answer(page({ 'cache-control': 'private, max-age=300, stale-while-revalidate=60' }));
    const old = await get(target);
    await makeStale();
    origin.answer(page({}, 500));
    for (let i = 0; i < 3; i++) {
      const answer = await get(target);
      expect(answer.status).toBe(200);
      expect(answer.cache).toBe('STALE');
      expect(answer.text).toBe(old.text);
    }
  });

  it('a refresh that may not be stored takes the stale page away', async () => {
    const target = unseen('/own/a');
    origin.answer(page({ 'cache-control': 'private, max-age=300, stale-while-revalidate=60' }));
    const old = await get(target);
    await makeStale();
    origin.answer(page({ 'cache-control': 'no-store' }));
    await get(target);
    await expect.poll(async () => (await get(target)).cache).toBe('MISS');
    expect((await get(target)).text).not.toBe(old.text);
  });
});

describe('an origin that is slow', () => {
  it('a request that has waited long enough for the fetch of another goes to the origin itself', async () => {
    const target = unseen('/own/a');
    const { held, release } = holdFirst();
    const first = get(target);
    await held;
    const [line] = await loggedBy(edge, async () => {
      const second = await get(target);
      expect(second.status).toBe(200);
      expect(second.cache).toBe('BYPASS');
      expect(second.text).toBe('page 1\n');
    });
    expect(line?.detail).toBe('collapse-timeout');
    release();
    expect((await first).text).toBe('held\n');
    // What the first one fetched is stored all the same.
    expect((await get(target)).text).toBe('held\n');
  });

  it('a request that has given up waiting does not hold up the ones after it', async () => {
    const target = unseen('/own/a');
    const { held, release } = holdFirst((response) => response.destroy());
    const first = get(target);
    await held;
    expect((await get(target)).cache).toBe('BYPASS');
    release();
    expect((await first).status).toBe(502);
    const lines = await loggedBy(edge, async () => {
      await get(target);
      await get(target);
    });
    for (const { detail } of lines) expect(detail).not.toBe('collapse-timeout');
  });

  it('that does not begin to answer in time is 504 as problem details', async () => {
    origin.answer(() => {});
    const answer = await get(unseen('/own/a'));
    expect(answer.status).toBe(504);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });
});

/** The origin keeps its first answer back until it is released; the next ones come at once. */
function holdFirst(
  finish: (response: ServerResponse) => void = (response) => response.writeHead(200, FRESH).end('held\n'),
): { held: Promise<void>; release: () => void } {
  const [held, released] = [gate(), gate()];
  const rest = page(FRESH);
  let isFirst = true;
  origin.answer(async (request, response) => {
    if (!isFirst) return rest(request, response);
    isFirst = false;
    held.open();
    await released.opened;
    finish(response);
  });
  return { held: held.opened, release: released.open };
}
