import { beforeEach, describe, expect, test } from 'vitest';
import { testBrowser } from './support/browser.ts';
import { resetSite, site } from './support/site.ts';
import {
  expectNoFaults,
  lastCacheOf,
  newVisitor,
  press,
  settled,
  signIn,
  statesOf,
  type Visitor,
} from './support/visitor.ts';

const browser = testBrowser();
beforeEach(resetSite);

async function visitor(name: string): Promise<Visitor> {
  const visitor = await newVisitor(browser(), site.url);
  await visitor.open('/app/');
  await signIn(visitor, name);
  return visitor;
}

const MISSES = { dashboard: 'MISS', orders: 'MISS', profile: 'MISS', payment: 'BYPASS', team: 'MISS' };
const HITS = { dashboard: 'HIT', orders: 'HIT', profile: 'HIT', payment: 'BYPASS', team: 'HIT' };

describe('the dashboard', () => {
  test('the first view is from the origin, the second from the edge, and the payment methods never are', async () => {
    const alice = await visitor('alice');
    expect(await statesOf(alice.page)).toEqual(MISSES);
    await press(alice, 'Ask again', /asked for again/);
    expect(await statesOf(alice.page)).toEqual(HITS);
    expect(lastCacheOf(alice, '/api/orders')).toBe('HIT');
    expect(lastCacheOf(alice, '/api/payment-methods')).toBe('BYPASS');
    expectNoFaults(alice);
    await alice.close();
  });

  test('a refreshed token still hits', async () => {
    const alice = await visitor('alice');
    const before = await alice.page.locator('[data-token-id]').textContent();
    await press(alice, 'Refresh token', /Another token/);
    expect(await alice.page.locator('[data-token-id]').textContent()).not.toBe(before);
    expect(await statesOf(alice.page)).toEqual(HITS);
    expectNoFaults(alice);
    await alice.close();
  });

  test('who purges themselves gets their pages anew, and their team keeps its own', async () => {
    const [alice, bob] = [await visitor('alice'), await visitor('bob')];
    await press(alice, 'Purge me', /has forgotten your pages/);
    expect(await statesOf(alice.page)).toEqual({ ...MISSES, team: 'HIT' });
    await press(bob, 'Ask again', /asked for again/);
    expect(await statesOf(bob.page)).toEqual(HITS);
    expectNoFaults(alice, bob);
    await Promise.all([alice.close(), bob.close()]);
  });

  test('two people at once share the report of their team and nothing else', async () => {
    const [alice, bob] = [await visitor('alice'), await visitor('bob')];
    expect(await statesOf(bob.page)).toEqual({ ...MISSES, team: 'HIT' });
    for (const [mine, theirs] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      await press(mine, 'Ask again', /asked for again/);
      expect(await statesOf(theirs.page)).toBeDefined();
    }
    const bodies = await Promise.all(
      bob.responses.filter((r) => r.url().includes('/api/')).map((r) => r.text().catch(() => '')),
    );
    expect(bodies.join()).toContain('canary-bob-43');
    expect(bodies.join()).not.toContain('canary-alice');
    expectNoFaults(alice, bob);
    await Promise.all([alice.close(), bob.close()]);
  });

  test('nobody sees their own write stale', async () => {
    const alice = await visitor('alice');
    await press(alice, 'Ask again', /asked for again/);
    for (const name of ['Alice L.', 'Alice M.', 'Alice N.']) {
      await alice.page.getByLabel('Name').fill(name);
      await alice.page.getByRole('button', { name: 'Save' }).click();
      await alice.page.locator('[data-card=dashboard]', { hasText: `Hello ${name}` }).waitFor();
      expect(await alice.page.getByLabel('Name').inputValue()).toBe(name);
      await alice.page.reload();
      await settled(alice.page);
      expect(await alice.page.locator('[data-card=dashboard] .large').textContent()).toBe(`Hello ${name}`);
    }
    expectNoFaults(alice);
    await alice.close();
  });
});
