import { createHash, randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { PEOPLE, type Person } from '../site/people.ts';
import { createTokens } from '../site/tokens.ts';
import type { Answer } from '../support/send.ts';
import { ask, unseen } from './support/client.ts';
import { type Echo, echo, page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

// What a page differs by, beside who somebody is: the set of their roles, the host, and what a public route lists.
const [alice, bob] = PEOPLE as [Person, Person];
let stack: ScriptedStack;
let tokens: ReturnType<typeof createTokens>;
let operator: string;

beforeAll(async () => {
  const keys = await siteKeys();
  tokens = createTokens(keys);
  operator = keys.operatorToken;
  stack = await startScriptedStack({
    name: 'variants-and-hosts',
    policy: 'test/edge/policies/variants-and-hosts.ts',
    entry: 'test/edge/services/tagged-answer.ts',
  });
});
beforeEach(() => stack.origin.answer(echoing()));
afterAll(() => stack?.stop());

/** What the origin was asked, in an answer that may be kept for everybody who gets it. */
function echoing(headers: Record<string, string> = {}) {
  return ((request, response) => {
    for (const [name, value] of Object.entries({ 'cache-control': 'public, max-age=60', ...headers }))
      response.setHeader(name, value);
    echo(request, response);
  }) satisfies typeof echo;
}

const as = (claims: JWTPayload, person = alice) => tokens.issue(person, 'app', 900, claims);
const told = (answer: Answer) => answer.json<Echo>().headers;
const claimsTold = (answer: Answer) => JSON.parse(told(answer)['x-claimcache-claims'] ?? 'null');
const on = (host: string, token: string | null, target: string, headers: Record<string, string> = {}) =>
  ask(stack.edge, token, target, { headers: { host, ...headers } });

async function purge(order: object): Promise<number> {
  const { status } = await ask(stack.edge, operator, '/.edge/purge', {
    method: 'POST',
    body: JSON.stringify(order),
  });
  return status;
}

describe('a set of roles', () => {
  it('is shared by all who hold it, however their tokens say it, and by nobody else', async () => {
    const target = unseen('/staff/report');
    const first = await ask(stack.edge, await as({ roles: ['editor', 'admin'] }), target);
    expect(first).toMatchObject({ status: 200, cache: 'MISS' });
    for (const [person, roles] of [
      [alice, ['admin', 'editor']],
      [bob, ['admin', 'sales', 'editor', 'admin', 7, true]],
    ] as const) {
      const again = await ask(stack.edge, await as({ roles }, person), target);
      expect(again).toMatchObject({ status: 200, cache: 'HIT', text: first.text });
    }
    for (const roles of [['admin'], ['editor'], [], ['viewer', 'editor'], ['Admin', 'editor ']]) {
      const other = await ask(stack.edge, await as({ roles }, bob), target);
      expect([roles, other.status, other.cache]).toEqual([
        roles,
        200,
        roles[1] === 'editor ' ? 'HIT' : 'MISS',
      ]);
    }
  });

  it('reaches the origin as it counts, in its one order, and nothing else of the member', async () => {
    const claims = { roles: ['viewer', 'canary-role', 'editor', 'viewer'], email: 'canary@mail' };
    const answer = await ask(stack.edge, await as(claims), unseen('/staff/echo'), {
      headers: { 'x-roles': 'admin', 'x-claimcache-claims': '{"set:roles":["admin"]}', cookie: 'a=canary' },
    });
    expect(claimsTold(answer)).toEqual({ 'set:roles': ['editor', 'viewer'] });
    expect(told(answer)).toMatchObject({ 'x-roles': 'editor,viewer' });
    expect(told(answer)).not.toHaveProperty('authorization');
    expect(answer.text).not.toContain('canary');
    const nothing = await ask(stack.edge, await as({ roles: ['sales'] }), unseen('/staff/echo'));
    expect(claimsTold(nothing)).toEqual({ 'set:roles': [] });
    expect(told(nothing)).not.toHaveProperty('x-roles');
    // A pass, too.
    const write = await ask(stack.edge, await as(claims), '/staff/echo', { method: 'POST' });
    expect(claimsTold(write)).toEqual({ 'set:roles': ['editor', 'viewer'] });
    expect(told(write)).toMatchObject({ 'x-roles': 'editor,viewer' });
  });

  it.each([
    ['more members than the policy allows', { roles: ['admin', 'editor', 'viewer'] }, 403],
    [
      'more members than anybody looks through',
      { roles: Array.from({ length: 257 }, (_, i) => `r${i}`) },
      403,
    ],
    ['no array', { roles: 'admin' }, 401],
    ['an object', { roles: { 0: 'admin', length: 1 } }, 401],
    ['a member that cannot be part of a key', { roles: ['admin', null] }, 401],
    ['an array within', { roles: ['admin', ['editor']] }, 401],
    ['not there', {}, 401],
  ])('%s: no origin is asked, and nothing is kept', async (_, claims, status) => {
    const before = stack.origin.requests.length;
    const token = await as(claims);
    expect(await ask(stack.edge, token, unseen('/staff/none'))).toMatchObject({ status, cache: 'ERROR' });
    expect(stack.origin.requests.length).toBe(before);
    // Too many is no fault of the token, and does not make its holder nobody.
    expect((await ask(stack.edge, token, unseen('/open-staff/none'))).status).toBe(
      status === 403 ? 403 : 200,
    );
  });

  it('is purged by its members in any order, and by a key that a back end computes', async () => {
    const target = unseen('/staff/purged');
    const token = await as({ roles: ['editor', 'admin'] });
    const other = await as({ roles: ['admin'] });
    const hash = (json: string) => createHash('sha256').update(json).digest('base64url');
    for (const order of [
      { scope: 'staff', value: ['editor', 'sales', 'admin'] },
      { scope: 'staff', values: [['admin', 'editor']] },
      { keys: [`staff:~${hash('["admin","editor"]')}`] },
    ]) {
      for (const who of [token, other]) await ask(stack.edge, who, target);
      expect(await purge(order)).toBe(200);
      expect((await ask(stack.edge, token, target)).cache, JSON.stringify(order)).toBe('MISS');
      expect((await ask(stack.edge, other, target)).cache).toBe('HIT');
    }
    for (const order of [
      { scope: 'staff', value: 'admin' },
      { scope: 'staff', value: ['admin', 'editor', 'viewer'] },
      { scope: 'user', value: ['42'] },
    ])
      expect(await purge(order), JSON.stringify(order)).toBe(400);
  });

  it('beside a claim: a write purges the claim’s entries of every set, and no other tenant’s', async () => {
    const target = unseen('/tenant-staff/report');
    const member = (tenant: string, ...roles: string[]) =>
      as({ tenant: { id: tenant }, 'https://app.test/roles': roles });
    const [admin, nobody, other] = [
      await member('acme', 'admin'),
      await member('acme'),
      await member('globex', 'admin'),
    ];
    for (const who of [admin, nobody, other]) expect((await ask(stack.edge, who, target)).cache).toBe('MISS');
    expect(claimsTold(await ask(stack.edge, admin, target))).toEqual({
      'tenant.id': 'acme',
      'set:https://app.test/roles': ['admin'],
    });
    await ask(stack.edge, admin, '/tenant-staff/report', { method: 'POST' });
    expect((await ask(stack.edge, nobody, target)).cache).toBe('MISS');
    expect((await ask(stack.edge, other, target)).cache).toBe('HIT');
  });

  it('at random never shows a canary of anybody, nor the page of another set', async () => {
    const only = ['admin', 'editor', 'viewer'];
    const round = unseen('/staff/random');
    const people = await Promise.all(
      Array.from({ length: 24 }, async (_, i) => {
        const held = only.filter((__, role) => ((i >> role) & 1) === 1);
        const canary = `canary-${randomUUID()}`;
        const roles = [...held, canary].sort(() => Math.random() - 0.5);
        return { held, canary, token: await as({ sub: canary, email: canary, roles }) };
      }),
    );
    const renders = new Map<string, Set<string>>();
    const order = people.flatMap((person) => [person, person, person]).sort(() => Math.random() - 0.5);
    for (let i = 0; i < order.length; i += 8) {
      await Promise.all(
        order.slice(i, i + 8).map(async ({ held, token }) => {
          const answer = await ask(stack.edge, token, round);
          expect(answer.status).toBe(held.length > 2 ? 403 : 200);
          expect(JSON.stringify(answer.headers) + answer.text).not.toContain('canary-');
          if (answer.status !== 200) return;
          expect(claimsTold(answer)).toEqual({ 'set:roles': held });
          const set = held.join();
          renders.set(set, (renders.get(set) ?? new Set()).add(answer.json<{ id: string }>().id));
        }),
      );
    }
    expect([...renders.values()].map(({ size }) => size)).toEqual(Array.from({ length: 7 }, () => 1));
    for (const { headers } of stack.origin.requests.slice(-7))
      expect(JSON.stringify(headers)).not.toContain('canary-');
  });
});

describe('a route by host', () => {
  it('holds on its host, whatever its letters and port', async () => {
    const token = await as({});
    const target = unseen('/account/orders');
    expect((await on('shop.test', null, target)).status).toBe(401);
    expect(await on('shop.test', token, target)).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await on('SHOP.test', token, target)).toMatchObject({ status: 200, cache: 'HIT' });
    expect(await on('shop.test:8443', token, target)).toMatchObject({ status: 200, cache: 'MISS' });
    expect((await on('shop.test:8443', null, target)).status).toBe(401);
    // A dot at its end is another name to many: it is judged as none.
    expect((await on('shop.test.', token, target)).status).toBe(400);
  });

  it.each(['any.test', 'wiki.test', 'x.shop.test', 'shop.test.evil.test', '127.0.0.1'])(
    'a path with a scope on one host is protected on %s, and never kept there',
    async (host) => {
      const token = await as({});
      for (const target of [
        unseen('/account/orders'),
        unseen('/account'),
        unseen('/Account/orders'),
        unseen('/settings'),
      ]) {
        const before = stack.origin.requests.length;
        expect((await on(host, null, target)).status, target).toBe(401);
        expect(stack.origin.requests.length).toBe(before);
        for (let i = 0; i < 2; i++)
          expect(await on(host, token, target), target).toMatchObject({ status: 200, cache: 'BYPASS' });
        expect(stack.origin.requests.at(-1)?.headers['x-claimcache-claims']).toBe(`{"sub":"${alice.sub}"}`);
      }
    },
  );

  it('what the policy says of another host, or below the path, holds there', async () => {
    const orders = unseen('/account/orders');
    expect((await on('blog.test', null, orders)).cache).toBe('MISS');
    expect((await on('blog.test', null, orders)).cache).toBe('HIT');
    // And not for what an origin may take for it.
    expect((await on('blog.test', null, unseen('/Account/orders'))).status).toBe(401);
    for (const host of ['shop.test', 'blog.test', 'any.test']) {
      const help = unseen('/account/help');
      expect((await on(host, null, help)).cache, host).toBe('MISS');
      expect((await on(host, null, help)).cache, host).toBe('HIT');
    }
    const below = unseen('/settings/theme');
    expect((await on('shop.test', null, below)).cache).toBe('MISS');
    expect((await on('any.test', null, below)).cache).toBe('MISS');
    expect((await on('any.test', null, below)).cache).toBe('HIT');
  });

  it('the most exact name of a host wins, and pages of two hosts never meet', async () => {
    const routeOf = async (host: string) => {
      const target = unseen('/home');
      await on(host, null, target);
      return stack.origin.requests.at(-1)?.url === '/home'
        ? 'tenant_home'
        : (await on(host, null, target)).cache;
    };
    await expect(routeOf('b.tenant.test')).resolves.toBe('tenant_home');
    await expect(routeOf('x.y.tenant.test')).resolves.toBe('tenant_home');
    await expect(routeOf('a.tenant.test')).resolves.toBe('BYPASS');
    await expect(routeOf('tenant.test')).resolves.toBe('HIT');
    await expect(routeOf('eviltenant.test')).resolves.toBe('HIT');
  });

  it('a write purges what is kept of its own host', async () => {
    const target = unseen('/account/orders');
    for (const host of ['blog.test', 'any.test']) await on(host, await as({}), target);
    await ask(stack.edge, null, '/account/orders', { method: 'POST', headers: { host: 'blog.test' } });
    expect((await on('blog.test', null, target)).cache).toBe('MISS');
  });
});

describe('variants of a public page', () => {
  it('are as many as the policy lists, whatever clients send', async () => {
    const target = unseen('/pages/home');
    const languages = [
      '',
      'de',
      'de;q=0.1, en',
      'en-GB',
      'de-ch',
      'fr, de-AT;q=0.5',
      '*',
      'x'.repeat(999),
      'de;q=0',
    ];
    const seen = new Map<string, Set<string>>();
    for (const language of languages) {
      for (const cookie of ['', 'bucket=b', 'bucket=zzz', 'bucket=b; bucket=a', 'session=abc']) {
        const answer = await ask(stack.edge, null, target, {
          headers: { ...(language && { 'accept-language': language }), ...(cookie && { cookie }) },
        });
        const { 'accept-language': asked, cookie: sent, 'x-claimcache-device': device } = told(answer);
        const variant = [asked, sent, device].join(' ');
        seen.set(variant, (seen.get(variant) ?? new Set()).add(answer.json<{ id: string }>().id));
        expect(answer.headers.vary?.toLowerCase().split(', ')).toEqual(
          expect.arrayContaining(['accept-language', 'cookie', 'user-agent']),
        );
      }
    }
    expect([...seen.keys()].sort()).toEqual(
      ['de', 'de-CH', 'en']
        .flatMap((language) => ['a', 'b'].map((one) => `${language} bucket=${one} other`))
        .sort(),
    );
    expect([...seen.values()].every(({ size }) => size === 1)).toBe(true);
  });

  it('no client says what the edge says of it, and a pass is told too', async () => {
    const forged = {
      'x-claimcache-device': 'evil',
      'x-claimcache-country': 'evil',
      'x-claimcache.country': 'evil',
    };
    for (const method of ['GET', 'POST']) {
      const pages = await ask(stack.edge, null, unseen('/pages/x'), { method, headers: forged });
      expect(told(pages)['x-claimcache-device']).toBe('other');
      const here = await ask(stack.edge, null, unseen('/here/x'), { method, headers: forged });
      expect(told(here)['x-claimcache-country']).toMatch(/^(?:DE|US|other)$/);
      expect(pages.text + here.text).not.toContain('evil');
    }
  });

  it('what differs by country is kept at the edge, and by no cache behind it', async () => {
    const target = unseen('/here/page');
    for (const cache of ['MISS', 'HIT']) {
      const answer = await ask(stack.edge, null, target);
      expect(answer).toMatchObject({ cache, headers: { 'cache-control': 'private, max-age=30' } });
    }
  });

  it('a visitor may be given another bucket', async () => {
    stack.origin.answer(page({ 'cache-control': 'max-age=60', 'set-cookie': 'bucket=b' }));
    for (const cookie of ['bucket=a', 'bucket=zzz', ''])
      expect(
        (await ask(stack.edge, null, unseen('/pages/assign'), { headers: cookie ? { cookie } : {} })).headers[
          'set-cookie'
        ],
      ).toEqual(['bucket=b']);
  });
});

describe('tags of an origin', () => {
  const TAGS = { 'surrogate-key': 'sk-1 sk-2', 'cache-tag': 'ct-1,ct-2 , not a key', xkey: 'xk-1  xk-2' };
  const LANES = [
    ['public', '/tagged/x'],
    ['scoped', '/own/x'],
    ['fallback', '/untold/x'],
    ['pass', '/live/x'],
    ['handler', '/handled'],
    ['handler', '/live/retagged'],
  ] as const;

  it.each(LANES)('reach no client on the %s lane: %s', async (_, path) => {
    stack.origin.answer(echoing(TAGS));
    const token = await as({});
    const target = unseen(path);
    for (let i = 0; i < 2; i++) {
      const { headers } = await ask(stack.edge, token, target);
      for (const name of Object.keys(TAGS)) expect(headers, name).not.toHaveProperty(name);
    }
  });

  it.each(['/tagged/x', '/own/x', '/untold/x'])('all are keys to purge %s by', async (path) => {
    stack.origin.answer(echoing(TAGS));
    const token = path === '/own/x' ? await as({}) : null;
    const target = unseen(path);
    for (const key of ['sk-1', 'sk-2', 'ct-1', 'ct-2', 'xk-1', 'xk-2']) {
      await ask(stack.edge, token, target);
      expect((await ask(stack.edge, token, target)).cache).toBe('HIT');
      expect(await purge({ keys: [key] })).toBe(200);
      expect((await ask(stack.edge, token, target)).cache, key).toBe('MISS');
    }
    expect(await purge({ keys: ['not', 'a', 'key'] })).toBe(200);
    expect((await ask(stack.edge, token, target)).cache).toBe('HIT');
  });
});
