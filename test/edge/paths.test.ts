import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { PEOPLE, type Person } from '../site/people.ts';
import { ask, tokenOf } from './support/client.ts';
import { page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

// Whatever an origin may read in a path, the rules of that are satisfied before it is asked.
const [alice, bob, carol] = PEOPLE as [Person, Person, Person];
const SERVICE = { name: 'paths', policy: 'test/edge/policies/paths.ts' };
let stack: ScriptedStack;
let token: string;
let operatorToken: string;
let owner: string;
let revoked: string;
let expired: string;

beforeAll(async () => {
  stack = await startScriptedStack(SERVICE);
  ({ operatorToken } = await siteKeys());
  token = await tokenOf(alice);
  owner = await tokenOf({ ...bob, role: 'owner' });
  revoked = await tokenOf(carol);
  expired = await tokenOf(bob, { expiresInSeconds: -60 });
  const order = await ask(stack.edge, null, '/.edge/revoke', {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorToken}` },
    body: JSON.stringify({ scope: 'user', value: carol.sub }),
  });
  expect(order.status).toBe(200);
});
beforeEach(() => stack.origin.answer(page({ 'cache-control': 'max-age=60' })));
afterAll(() => stack?.stop());

const forged = () => `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(43)}`;
const asked = () => stack.origin.requests.length;

async function expectRefused(who: string | null, target: string, status: number): Promise<void> {
  const before = asked();
  expect((await ask(stack.edge, who, target)).status).toBe(status);
  expect(asked()).toBe(before);
}

describe('a spelling of a scoped path', () => {
  it.each([
    '/%61pi/me/settings',
    '/API/me/settings',
    '//api/me/settings',
    '/api;v=1/me/settings',
    '/%2561pi/me/settings',
    '/api%2fme',
    '/api%5cme',
    '/api/me.',
    '/api/me%20',
    '/api/me%00',
    '/api/me%3fx',
    '/api/me%23/x.css',
    '/API/me.json',
    '/V2/orders/7',
    '/v2/orders/7/x.css',
    '/m%79%20account',
    '/my+account',
    '/MY%20account/x.css',
    '/orders/%41B12',
    '/orders/b12',
    '/o(1)',
    '/o%281%29',
    '/%C3%BCber/mich',
    '/%c3%bcber/mich',
    '/%C3%BCber/Mich',
    '/%C3%9CBER/mich',
    '/%C3%BCb%65r/mich',
    '/u%CC%88ber/mich',
    '/%FCber/mich',
    '/%C3%BCber%EF%BC%8Fmich',
    '/%EF%BD%81pi/me',
  ])('%s is refused to nobody, and to who is not verified', async (target) => {
    for (const who of [null, forged(), expired]) await expectRefused(who, target, 401);
  });

  it('is let through for who is verified, and the origin is told who that is', async () => {
    expect((await ask(stack.edge, token, '/API/me/settings')).status).toBe(200);
    expect(stack.origin.requests.at(-1)?.headers['x-claimcache-claims']).toBe(`{"sub":"${alice.sub}"}`);
  });

  it.each(['/API/ME', '/api/ME', '/%C3%9Cber/mich', '/u%CC%88ber/mich', '/api/me/x'])(
    '%s is refused to who is revoked on one of the routes',
    (target) => expectRefused(revoked, target, 401),
  );
});

describe('a path between a stricter and a weaker route', () => {
  it.each(['/files/README', '/files/readme;x', '/FILES/readme', '/files/%2572eadme', '/files/readme.txt'])(
    '%s asks for the role of the stricter one',
    async (target) => {
      await expectRefused(token, target, 403);
      expect((await ask(stack.edge, owner, target)).status).toBe(200);
    },
  );

  it('/files/DOCS lets nobody in who is not verified', () => expectRefused(null, '/files/DOCS', 401));

  it('the weaker one itself is as the policy has it', async () => {
    expect((await ask(stack.edge, token, '/files/readme')).status).toBe(200);
    expect((await ask(stack.edge, null, '/files/docs')).status).toBe(200);
  });
});

describe('a write', () => {
  it.each(['/%61pi/me/settings', '/API/ME', '/api;v=1/me/settings'])(
    'on %s purges what is kept of who writes',
    async (target) => {
      await ask(stack.edge, token, '/api/me/settings');
      expect((await ask(stack.edge, token, '/api/me/settings')).cache).toBe('HIT');
      expect((await ask(stack.edge, token, target, { method: 'PUT', body: '{}' })).status).toBe(200);
      expect((await ask(stack.edge, token, '/api/me/settings')).cache).toBe('MISS');
    },
  );

  it.each([
    ['/pub/%c3%bc', '/pub/%C3%BC'],
    ['/pub/@', '/pub/%40'],
    ['/pub/%40x', '/pub/@x'],
    ['/PUB/a', '/pub/a'],
    ['/pub/b', '/pub/B'],
    ['/pub//c;v=1', '/pub/c'],
  ])('on %s takes what is kept of %s', async (written, kept) => {
    await ask(stack.edge, null, kept);
    expect((await ask(stack.edge, null, kept)).cache).toBe('HIT');
    expect((await ask(stack.edge, null, written, { method: 'PUT', body: '{}' })).status).toBe(200);
    expect((await ask(stack.edge, null, kept)).cache).toBe('MISS');
  });

  it('a purge of the documented key of a URL takes that', async () => {
    await ask(stack.edge, null, '/pub/D');
    const order = await ask(stack.edge, null, '/.edge/purge', {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorToken}` },
      body: JSON.stringify({ keys: [`url:${new URL(stack.edge.url).host}/pub/D`] }),
    });
    expect(order.status).toBe(200);
    expect((await ask(stack.edge, null, '/pub/D')).cache).toBe('MISS');
  });
});

describe('the normal form', () => {
  it('is one entry, and what the origin is asked for', async () => {
    expect((await ask(stack.edge, null, '/pub/%6eormal/%c3%a9')).cache).toBe('MISS');
    expect(stack.origin.requests.at(-1)?.url).toBe('/pub/normal/%C3%A9');
    expect((await ask(stack.edge, null, '/pub/normal/%C3%A9')).cache).toBe('HIT');
    expect((await ask(stack.edge, null, '/pub/n%4frmal/@')).status).toBe(200);
    expect(stack.origin.requests.at(-1)?.url).toBe('/pub/nOrmal/@');
  });

  it('of a long one is one entry, apart from its neighbours, and goes with a write to it', async () => {
    for (const target of [
      `/pub/${'é'.repeat(600)}/a`,
      `/pub/a?q=${'é'.repeat(650)}`,
      `/pub/${'x'.repeat(4000)}`,
    ]) {
      const asked = encodeURI(target);
      expect((await ask(stack.edge, null, asked)).cache).toBe('MISS');
      expect((await ask(stack.edge, null, asked)).cache).toBe('HIT');
      expect((await ask(stack.edge, null, `${asked.slice(0, -1)}b`)).cache).toBe('MISS');
      expect((await ask(stack.edge, null, asked, { method: 'POST', body: '{}' })).cache).toBe('BYPASS');
      expect((await ask(stack.edge, null, asked)).cache).toBe('MISS');
      expect((await ask(stack.edge, null, `${asked.slice(0, -1)}b`)).cache).toBe(
        // A write is to a path, whatever its query.
        asked.includes('?') ? 'MISS' : 'HIT',
      );
    }
  });

  it('of a pass, too, with reserved characters as they are', async () => {
    await ask(stack.edge, null, '/pub/%61%2f%40@%7e', { method: 'POST', body: '{}' });
    expect(stack.origin.requests.at(-1)?.url).toBe('/pub/a%2F%40@~');
  });

  it.each(['/pub/%FCber', '/pub/a%EF%BC%8Fb', '/pub/%C0%AFx', '/pub/100%'])(
    '%s is never kept',
    async (target) => {
      for (let i = 0; i < 2; i++) expect((await ask(stack.edge, null, target)).cache).toBe('BYPASS');
    },
  );

  it.each(['/vorschau/%C3%A4/x', '/vorschau/%c3%a4/x', '/VORSCHAU/a%CC%88/x'])(
    '%s is the CMS’s',
    async (target) => {
      const answer = await ask(stack.edge, null, target);
      expect(answer).toMatchObject({ status: 200, cache: 'BYPASS' });
      expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
      expect(answer.headers['x-auth-route']).toBe('true');
    },
  );

  it.each(['/x/%25252e%25252e/api/me', '/x/%EF%BC%8E%EF%BC%8E/api/me', '/x/..%3f/api/me'])(
    '%s, which somebody would resolve, is refused',
    (target) => expectRefused(token, target, 400),
  );
});
