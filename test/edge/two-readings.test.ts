import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import { ask, tokenOf, unseen } from './support/client.ts';
import { page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

// What the edge has judged is what the origin is asked for, however that reads cookies and paths.
const [alice, bob] = PEOPLE as [Person, Person];
let stack: ScriptedStack;
let token: string;
let expired: string;

beforeAll(async () => {
  stack = await startScriptedStack();
  token = await tokenOf(alice);
  expired = await tokenOf(bob, { expiresInSeconds: -60 });
});
beforeEach(() => stack.origin.answer(page({ 'cache-control': 'private, max-age=300' })));
afterAll(() => stack?.stop());

const asked = () => stack.origin.requests.at(-1);

describe('a second cookie that some take for the credential', () => {
  it.each([
    ['a name with a blank that is none', (other: string) => `\u00a0session=${other}; session=${token}`],
    ['a name in other letters', (other: string) => `SESSION=${other}; session=${token}`],
    ['a name that is encoded', (other: string) => `%73ession=${other}; session=${token}`],
  ])('%s: the origin of a cached page and of a pass gets the verified one', async (_, cookieWith) => {
    const headers = { cookie: cookieWith(expired) };
    const cached = await ask(stack.edge, null, unseen('/api/orders'), { headers });
    expect(cached).toMatchObject({ status: 200, cache: 'MISS' });
    expect(asked()?.headers.cookie).toBe(`session=${token}`);
    const passed = await ask(stack.edge, null, '/api/payment-methods', { headers });
    expect(passed).toMatchObject({ status: 200, cache: 'BYPASS' });
    expect(asked()?.headers.cookie).toBe(`session=${token}`);
  });

  it('the other place of the scope: the origin gets the one that was verified', async () => {
    const headers = { cookie: `session=${expired}; a=1` };
    await ask(stack.edge, token, '/api/payment-methods', { headers });
    expect(asked()?.headers).toMatchObject({ authorization: `Bearer ${token}`, cookie: 'a=1' });
  });
});

describe('a path that somebody on the way would resolve', () => {
  it.each([
    '/x/../api/orders',
    '/./api/orders',
    '/x/%2e%2e/api/orders',
    '/x/..;/api/orders',
    '/x/..%2fapi/orders',
    '/x\\..\\api\\orders',
  ])('%s is refused, and no origin hears of it', async (target) => {
    const before = stack.origin.requests.length;
    for (const who of [token, expired, null]) {
      const answer = await ask(stack.edge, who, target);
      expect(answer).toMatchObject({ status: 400, cache: 'ERROR' });
    }
    expect(stack.origin.requests.length).toBe(before);
  });
});

describe('a path that an origin may take for a scoped one', () => {
  it.each(['/API/orders', '/api//orders', '/api/orders;x', '/api/%256Frders', '/api/orders.'])(
    '%s is verified as that is, and never cached',
    async (target) => {
      const before = stack.origin.requests.length;
      expect((await ask(stack.edge, expired, target)).status).toBe(401);
      expect((await ask(stack.edge, null, target)).status).toBe(401);
      expect(stack.origin.requests.length).toBe(before);
      for (let i = 0; i < 2; i++)
        expect(await ask(stack.edge, token, target)).toMatchObject({ status: 200, cache: 'BYPASS' });
      expect(asked()?.headers['x-claimcache-claims']).toBe(`{"sub":"${alice.sub}"}`);
    },
  );

  it('a write there purges what is kept of who writes', async () => {
    const target = unseen('/api/orders');
    await ask(stack.edge, token, target);
    expect((await ask(stack.edge, token, target)).cache).toBe('HIT');
    expect((await ask(stack.edge, token, '/API/orders', { method: 'PUT', body: '{}' })).status).toBe(200);
    expect((await ask(stack.edge, token, target)).cache).toBe('MISS');
  });

  it('one below it is judged like that, and uncached', async () => {
    expect((await ask(stack.edge, null, '/api/orders/1/x.css')).status).toBe(401);
    for (let i = 0; i < 2; i++)
      expect(await ask(stack.edge, token, '/api/orders/1/x.css')).toMatchObject({
        status: 200,
        cache: 'BYPASS',
      });
  });
});
