import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import { type SendOptions, send } from '../support/send.ts';
import { installedPackage } from './support/installed.ts';
import { type RunningExample, startExample } from './support/start-example.ts';

const EXAMPLES = readdirSync(path.join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What the README of each promises, as somebody sees it who runs its commands. */
const PROMISES: Readonly<Record<string, (example: RunningExample) => Promise<void>>> = {
  async 'saas-api'({ url, token }) {
    const as = async (person: string, organisation: string) => {
      const headers = bearer(await token(person, '--claim', `org_id=${organisation}`));
      return (target: string, options: SendOptions = {}) => send(url, target, { headers, ...options });
    };
    const alice = await as('alice', 'org_acme');
    const again = await as('alice', 'org_acme');
    const bob = await as('bob', 'org_acme');
    const carol = await as('carol', 'org_globex');
    expect(await alice('/api/me')).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await again('/api/me')).toMatchObject({ cache: 'HIT', text: '{"sub":"alice","name":"unnamed"}' });
    expect(await bob('/api/me')).toMatchObject({ cache: 'MISS', text: '{"sub":"bob","name":"unnamed"}' });
    const headers = bearer(await token('alice', '--claim', 'org_id=org_acme'));
    await send(url, '/api/me', { method: 'PUT', body: '{"name":"Alice"}', headers });
    expect(await alice('/api/me')).toMatchObject({ cache: 'MISS', text: '{"sub":"alice","name":"Alice"}' });
    expect((await bob('/api/me')).cache).toBe('HIT');
    expect(await alice('/api/reports/sales')).toMatchObject({ cache: 'MISS' });
    expect(await bob('/api/reports/sales')).toMatchObject({ cache: 'HIT' });
    expect(await carol('/api/reports/sales')).toMatchObject({
      cache: 'MISS',
      text: '{"organisation":"org_globex","report":"sales"}',
    });
    expect((await send(url, '/api/me')).status).toBe(401);
  },

  async 'nextjs-front'({ url, token }) {
    const page = (target: string, headers: Record<string, string> = {}) => send(url, target, { headers });
    expect((await page('/blog/hello')).cache).toBe('MISS');
    expect(await page('/blog/hello')).toMatchObject({
      cache: 'HIT',
      text: expect.stringContaining('The article'),
    });
    // Data and page of one URL are two entries.
    expect(await page('/blog/hello', { rsc: '1' })).toMatchObject({ cache: 'MISS', text: '["The article"]' });
    const draft = await page('/blog/hello', { cookie: '__prerender_bypass=1' });
    expect([draft.headers['x-auth-route'], draft.text]).toEqual([
      'true',
      expect.stringContaining('The draft'),
    ]);
    expect((await page('/blog/hello')).text).toContain('The article');
    const session = { cookie: `session=${await token('alice')}` };
    expect((await page('/account/orders', session)).cache).toBe('MISS');
    expect(await page('/account/orders', session)).toMatchObject({
      cache: 'HIT',
      text: expect.stringContaining('The account of alice'),
    });
    expect((await page('/account/orders')).status).toBe(401);
  },

  async 'members-area'({ url }) {
    const as =
      (person: string) =>
      (target: string, options: SendOptions = {}) =>
        send(url, target, {
          ...options,
          headers: { ...options.headers, cookie: `wordpress_logged_in_0123456789abcdef=${person}-session` },
        });
    const [alice, bob, carol, nobody] = ['alice', 'bob', 'carol', 'nobody'].map(as) as ReturnType<
      typeof as
    >[];
    if (!alice || !bob || !carol || !nobody) throw new Error('four people');
    expect((await alice('/members/articles/spring')).cache).toBe('MISS');
    expect(await bob('/members/articles/spring')).toMatchObject({
      cache: 'HIT',
      text: expect.stringContaining('For gold members'),
    });
    expect((await carol('/members/articles/spring')).text).toContain('For silver members');
    expect((await nobody('/members/articles/spring')).status).toBe(401);
    expect((await alice('/members/profile')).cache).toBe('MISS');
    expect((await bob('/members/profile')).text).toContain('Member 43');
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: url };
    await alice('/members/profile', { method: 'POST', body: 'name=Alice', headers: form });
    expect(await alice('/members/profile')).toMatchObject({
      cache: 'MISS',
      text: expect.stringContaining('Member 42, Alice'),
    });
    expect((await bob('/members/profile')).cache).toBe('HIT');
    const preview = await alice('/members/articles/spring?preview=true');
    expect(preview.headers['x-auth-route']).toBe('true');
  },

  async 'graphql-entities'({ url, token }) {
    const as = async (person: string) => {
      const headers = { ...bearer(await token(person)), 'content-type': 'application/json' };
      return (query: string) =>
        send(url, '/graphql', { method: 'POST', body: JSON.stringify({ query }), headers });
    };
    const [alice, bob] = [await as('alice'), await as('bob')];
    const list = '{ todos { title done } }';
    expect((await alice(list)).cache).toBe('MISS');
    const seen = await alice(list);
    expect(seen).toMatchObject({
      cache: 'HIT',
      text: '{"data":{"todos":[{"title":"The first of alice","done":false}]}}',
    });
    expect((await bob(list)).text).toContain('The first of bob');
    await alice('mutation { finish(id: 1) { done } }');
    expect(await alice(list)).toMatchObject({
      cache: 'MISS',
      text: '{"data":{"todos":[{"title":"The first of alice","done":true}]}}',
    });
  },

  async 'session-cookies'({ url }) {
    const signIn = async (user: string) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: url };
      const { status, headers: sent } = await send(url, '/login', {
        method: 'POST',
        body: `user=${user}`,
        headers,
      });
      expect(status).toBe(303);
      const [cookie = ''] = sent['set-cookie'] ?? [];
      const sid = cookie.split(';', 1)[0] ?? '';
      return (target: string, method = 'GET') =>
        send(url, target, { method, headers: { cookie: sid, origin: url } });
    };
    expect((await send(url, '/')).text).toContain('Welcome<');
    const [alice, bob] = [await signIn('alice'), await signIn('bob')];
    expect((await alice('/account/orders')).cache).toBe('MISS');
    expect(await alice('/account/orders')).toMatchObject({
      cache: 'HIT',
      text: expect.stringContaining('The orders of alice'),
    });
    expect((await bob('/account/orders')).text).toContain('The orders of bob');
    expect((await alice('/')).text).toContain('Welcome back, alice');
    expect(await send(url, '/')).toMatchObject({ cache: 'HIT', text: expect.stringContaining('Welcome<') });
    await alice('/logout', 'POST');
    expect((await alice('/account/orders')).status).toBe(401);
    expect((await bob('/account/orders')).cache).toBe('HIT');
  },
};

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

describe.each(EXAMPLES)('the example %s', (name) => {
  let example: RunningExample;
  beforeAll(async () => {
    example = await startExample(installedPackage(), name);
  });
  afterAll(() => example?.stop());

  it('keeps what its README promises', async () => {
    const promises = PROMISES[name];
    if (promises === undefined) throw new Error(`Nothing is known of ${name}.`);
    await promises(example);
  });

  it('passes its own tests', async () => {
    const { status, output } = await example.test();
    expect(status, output).toBe(0);
  });
});

it.each(EXAMPLES)('%s has the files that `claimcache init` makes', (name) => {
  const read = (...parts: readonly string[]) => readFileSync(path.join(root, ...parts), 'utf8');
  for (const file of ['webpack.config.js', 'tsconfig.json', 'test/tsconfig.json'])
    expect(read('examples', name, file), file).toBe(read('template', file));
  expect(read('examples', name, '.gitignore')).toBe(read('template', 'gitignore'));
  expect(read('examples', name, 'origin/answer.mjs')).toBe(read('examples/saas-api/origin/answer.mjs'));
});
