import { describe, expect, it } from 'vitest';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests, underWay } from './support/origin.ts';
import { PERSONAL_PATHS, renderOf, TEAM_PATH } from './support/pages.ts';
import { alice, bob, carol, expectPageOf, logIn } from './support/people.ts';
import { canPurge, purge } from './support/purge.ts';
import { warm } from './support/warm.ts';

describe.runIf(canPurge)('with the credential of the operator', () => {
  it('a purge of one person is a MISS for that one on every route, and a HIT for the others', async () => {
    const targets = PERSONAL_PATHS.map(unseen);
    const people = [alice, bob, carol];
    const tokens = await Promise.all(people.map((person) => logIn(person)));
    for (const token of tokens) for (const target of targets) await warm(token, target);

    await purge({ scope: 'user', value: alice.sub });

    for (const target of targets) {
      for (const [i, person] of people.entries()) {
        const answer = await edgeAs(tokens[i] as string, target);
        expect(answer.cache, `${person.name} on ${target}`).toBe(person === alice ? 'MISS' : 'HIT');
        expectPageOf(person, answer);
      }
    }
  });

  it('a soft purge of one person gives the stale page once more, then a fresh one; the others still hit', async () => {
    const target = unseen('/api/dashboard');
    const [token, other] = [await logIn(alice), await logIn(bob)];
    const old = await warm(token, target);
    await warm(other, target);

    await purge({ scope: 'user', value: alice.sub, soft: true });

    const stale = await edgeAs(token, target);
    expect(stale.cache).toBe('STALE');
    expect(stale.text).toBe(old.text);
    expect(stale.headers['cache-status']).toContain('hit');
    expect((await edgeAs(other, target)).cache).toBe('HIT');
    // The fresh one is fetched behind the stale answer.
    await expect.poll(async () => (await edgeAs(token, target)).cache).toBe('HIT');
  });

  it('after a soft purge of a public page the next visitor sees it stale, and the ones after a new rendering', async () => {
    const target = unseen('/pages/welcome');
    const old = await warm(null, target);
    await purge({ keys: ['page:welcome'], soft: true });
    const stale = await edge(target);
    expect(stale.cache).toBe('STALE');
    expect(stale.text).toBe(old.text);
    await expect.poll(async () => (await edge(target)).cache).toBe('HIT');
    expect(renderOf(await edge(target))).not.toBe(renderOf(old));
  });

  it('a soft purge where nothing stale may be served is a MISS', async () => {
    const target = unseen('/api/lab/cacheable');
    const token = await logIn(alice);
    const old = await warm(token, target);
    await purge({ scope: 'user', value: alice.sub, soft: true });
    const next = await expectOriginRequests(1, () => edgeAs(token, target));
    expect(next.cache).toBe('MISS');
    expect(renderOf(next)).not.toBe(renderOf(old));
  });

  it('a purge of a team empties the bucket of that team alone, and of no person', async () => {
    const [report, orders] = [unseen(TEAM_PATH), unseen('/api/orders')];
    const [ofAcme, ofGlobex] = [await logIn(alice), await logIn(carol)];
    for (const token of [ofAcme, ofGlobex]) {
      await warm(token, report);
      await warm(token, orders);
    }
    await purge({ scope: 'team', values: ['acme', 'member'] });
    expect((await edgeAs(ofAcme, report)).cache).toBe('MISS');
    expect((await edgeAs(ofGlobex, report)).cache).toBe('HIT');
    expect((await edgeAs(ofAcme, orders)).cache).toBe('HIT');
  });

  it('a purge of a route empties it for everybody, and no other route', async () => {
    const [orders, dashboard] = [unseen('/api/orders'), unseen('/api/dashboard')];
    const tokens = [await logIn(alice), await logIn(bob)];
    for (const token of tokens) for (const target of [orders, dashboard]) await warm(token, target);
    await purge({ route: 'orders' });
    for (const token of tokens) {
      expect((await edgeAs(token, orders)).cache).toBe('MISS');
      expect((await edgeAs(token, dashboard)).cache).toBe('HIT');
    }
  });

  it.each([
    ["the service's key of one person", 'user:42', '/api/orders', true],
    ["the origin's own key of a personal page", 'orders-list', '/api/orders', true],
    ["the origin's own key of a public page", 'page:welcome', '/pages/welcome', false],
    ['one of several keys of the origin', 'lab-surrogate', '/lab/surrogate', false],
  ])('a purge by %s works', async (_what, key, path, personal) => {
    const target = unseen(path);
    const token = personal ? await logIn(alice) : null;
    const old = await warm(token, target);
    await purge({ keys: [`unknown-${key}`] });
    expect(await warm(token, target)).toMatchObject({ text: old.text });
    await purge({ keys: ['unknown', key] });
    const next = await (token === null ? edge(target) : edgeAs(token, target));
    expect(next.cache).toBe('MISS');
    expect(renderOf(next)).not.toBe(renderOf(old));
  });

  it('a purge of 42 and of "42" name the same person', async () => {
    const target = unseen('/api/orders');
    const token = await logIn(alice);
    for (const value of ['42', 42]) {
      await warm(token, target);
      await purge({ scope: 'user', value });
      expect((await edgeAs(token, target)).cache).toBe('MISS');
    }
  });

  it('a response that left the origin before a purge does not outlive it', async () => {
    const target = unseen('/api/lab/slow?ms=1500');
    const token = await logIn(alice);
    const overtaken = await underWay('GET /api/lab/slow', () => edgeAs(token, target));
    await purge({ scope: 'user', value: alice.sub });
    const old = await overtaken.answer;
    expect(old.cache).toBe('MISS');
    const next = await edgeAs(token, target);
    expect(next.cache).toBe('MISS');
    expect(renderOf(next)).not.toBe(renderOf(old));
  });
});
