import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import { loggedEngine } from '../support/test-engine.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { gate } from './support/gate.ts';
import { page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack, VARIANTS } from './support/scripted-stack.ts';

const [alice] = PEOPLE as [Person];
const FRESH = { 'cache-control': 'private, max-age=300' };
let stack: ScriptedStack;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack(VARIANTS);
  token = await tokenOf(alice);
});
afterAll(() => stack?.stop());
beforeEach(() => stack.origin.answer(page(FRESH)));

const get = (target: string, who: string | null = token) => ask(stack.edge, who, target);

describe('an origin that is down', () => {
  it.each([
    ['a scoped page', '/own/a', true],
    ['a public page', '/news/a', false],
    ['a passed page', '/around', false],
  ])('%s is 502 as problem details, without a word of the cause', async (_what, path, personal) => {
    await stack.origin.whileDown(async () => {
      const [line] = await loggedBy(stack.edge, async () => {
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
    await stack.origin.whileDown(async () => {
      const answer = await get(target);
      expect(answer.cache).toBe('HIT');
      expect(answer.status).toBe(200);
    });
  });

  it('lets the next request try again at once: the failure is not kept', async () => {
    const target = unseen('/own/a');
    await stack.origin.whileDown(async () => expect((await get(target)).status).toBe(502));
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect((await get(target)).text).toBe(answer.text);
  });
});

// Where the platform holds who waits: docs/proof/conformance.md, where the engines differ.
describe.runIf(loggedEngine() === 'readthrough')('an origin that is slow, behind Fastly’s HTTP cache', () => {
  it('a request waits for the fetch of another, and gets what that has fetched', async () => {
    const target = unseen('/own/a');
    const { held, release } = holdFirst();
    const first = get(target);
    await held;
    const second = get(target);
    setTimeout(release, 1000);
    expect((await first).cache).toBe('MISS');
    expect(await second).toMatchObject({ cache: 'HIT', text: 'held\n' });
  });

  it('whoever waits behind a request that times out asks alone when that ends, and not one after the other', async () => {
    const target = unseen('/own/a');
    const { held, release } = holdFirst((response) => response.destroy());
    const first = get(target);
    await held;
    const behind = [get(target), get(target), get(target)];
    expect((await first).status).toBe(504);
    const lines = await loggedBy(stack.edge, async () => {
      release();
      for (const answer of await Promise.all(behind)) {
        expect(answer).toMatchObject({ status: 200, cache: 'BYPASS' });
      }
    });
    for (const { detail } of lines) expect(detail).toBe('collapse-timeout');
  });
});

describe.runIf(loggedEngine() === 'core')('an origin that is slow, behind CoreCache', () => {
  it('a request that has waited long enough for the fetch of another goes to the origin itself', async () => {
    const target = unseen('/own/a');
    const { held, release } = holdFirst();
    const first = get(target);
    await held;
    const [line] = await loggedBy(stack.edge, async () => {
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
    const lines = await loggedBy(stack.edge, async () => {
      await get(target);
      await get(target);
    });
    for (const { detail } of lines) expect(detail).not.toBe('collapse-timeout');
  });
});

describe('an origin that is silent', () => {
  it('is 504 as problem details', async () => {
    stack.origin.answer(() => {});
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
  stack.origin.answer(async (request, response) => {
    if (!isFirst) return rest(request, response);
    isFirst = false;
    held.open();
    await released.opened;
    finish(response);
  });
  return { held: held.opened, release: released.open };
}
