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

/** Saves another name, and waits until it stands on the other page that shows it. */
async function rename({ page }: Visitor, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('[data-card=dashboard]', { hasText: `Hello ${name}` }).waitFor();
  await settled(page);
}

/** All that the network has answered under /api/. After a 304 there is no body: the copy came before. */
async function bodiesOf({ responses }: Visitor): Promise<string> {
  const own = responses.filter((response) => response.url().includes('/api/') && response.status() === 200);
  return (await Promise.all(own.map((response) => response.text().catch(() => '')))).join();
}

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
    for (const [mine, theirs, name] of [
      [alice, bob, 'Alice L.'],
      [bob, alice, 'Bob M.'],
    ] as const) {
      await press(theirs, 'Ask again', /asked for again/);
      await rename(mine, name);
      // Whoever writes has lost their own entries: the other one, and the team, have kept theirs.
      await press(theirs, 'Ask again', /asked for again/);
      expect(await statesOf(theirs.page)).toEqual(HITS);
      expect(await theirs.page.content()).not.toContain(name);
    }
    const [ofAlice, ofBob] = [await bodiesOf(alice), await bodiesOf(bob)];
    expect(ofAlice).toContain('canary-alice-42');
    expect(ofAlice).not.toContain('canary-bob');
    expect(ofBob).toContain('canary-bob-43');
    expect(ofBob).not.toContain('canary-alice');
    expectNoFaults(alice, bob);
    await Promise.all([alice.close(), bob.close()]);
  });

  test('nobody sees their own write stale', async () => {
    const alice = await visitor('alice');
    await press(alice, 'Ask again', /asked for again/);
    for (const name of ['Alice L.', 'Alice M.', 'Alice N.']) {
      await rename(alice, name);
      expect(await alice.page.getByLabel('Name').inputValue()).toBe(name);
      await alice.page.reload();
      await settled(alice.page);
      expect(await alice.page.locator('[data-card=dashboard] .large').textContent()).toBe(`Hello ${name}`);
    }
    expectNoFaults(alice);
    await alice.close();
  });

  test('an answer that cannot be had is a failure on its card, and the facts of the one before are gone', async () => {
    const alice = await visitor('alice');
    const orders = alice.page.locator('[data-card=orders]');
    await alice.context.route('**/api/orders', (route) => route.abort());
    await alice.page.getByRole('button', { name: 'Ask again for Orders' }).click();
    await orders.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
    expect(await orders.locator('.provenance').getAttribute('data-state')).toBeNull();
    expect(await alice.page.locator('[data-card=profile]').getByRole('alert').count()).toBe(0);

    await alice.context.unroute('**/api/orders');
    await alice.page.getByRole('button', { name: 'Ask again for Orders' }).click();
    await orders.locator('[data-state=HIT]').waitFor();
    await alice.close();
  });

  test('a sign-out that failed says so, and the person is still signed in', async () => {
    const alice = await visitor('alice');
    await alice.context.route('**/api/session', (route) => route.abort());
    await press(alice, 'Sign out', /That failed: The service does not answer/);
    await alice.context.unroute('**/api/session');
    await alice.page.reload();
    await settled(alice.page);
    await alice.close();
  });
});
