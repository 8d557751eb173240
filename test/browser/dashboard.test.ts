import { beforeEach, describe, expect, test } from 'vitest';
import { testBrowser } from './support/browser.ts';
import { layoutShifts, overflowPx, seriousFaults } from './support/page-quality.ts';
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
    const times = await alice.page.locator('[data-card=orders] .provenance').textContent();
    // What the edge says and what is left make up what the browser has measured.
    const [, all, edge, way] = /(\d+) msedge (\d+) ms, way (\d+) ms/.exec(times ?? '')?.map(Number) ?? [];
    expect(all, times ?? '').toBe((edge ?? 0) + (way ?? 0));
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

  test('after a purge no card that the origin answered is older than that answer, and a 304 is told as one', async () => {
    const alice = await visitor('alice');
    await expect
      .poll(async () => {
        await press(alice, 'Ask again', /asked for again/);
        return alice.page.locator('[data-card=orders] .provenance-numbers').textContent();
      })
      .toMatch(/^[1-9]\d* s old/);
    await press(alice, 'Purge me', /has forgotten your pages/);
    expect(await statesOf(alice.page)).toEqual({ ...MISSES, team: 'HIT' });
    for (const name of ['dashboard', 'orders', 'profile']) {
      const told = await alice.page.locator(`[data-card=${name}] .provenance`).textContent();
      expect(told).toContain('304: not changed, says the origin');
      expect(told).not.toContain('s old');
    }
    expectNoFaults(alice);
    await alice.close();
  });

  test('without claimcache every page is from the origin, which counts it; switched back, the edge answers again', async () => {
    const alice = await visitor('alice');
    const { page } = alice;
    const count = async (way: string, what: string) =>
      Number(await page.locator(`[data-way=${way}] [data-count=${what}]`).textContent());
    await press(alice, 'Ask again', /asked for again/);
    // The origin was asked for the first view, and for the payment methods each time.
    await expect.poll(() => count('with', 'origin')).toBe(6);
    expect(await count('with', 'requests')).toBe(10);

    const toggle = page.getByRole('switch', { name: 'Without claimcache' });
    await toggle.click();
    await page.locator('[data-card=orders] [data-state=BYPASS]').waitFor();
    await settled(page);
    const passes = {
      dashboard: 'BYPASS',
      orders: 'BYPASS',
      profile: 'BYPASS',
      payment: 'BYPASS',
      team: 'BYPASS',
    };
    expect(await statesOf(page)).toEqual(passes);
    await press(alice, 'Ask again', /asked for again/);
    expect(await statesOf(page)).toEqual(passes);
    await expect.poll(() => count('without', 'origin')).toBe(10);
    expect(await count('without', 'requests')).toBe(10);
    expect(await toggle.getAttribute('aria-checked')).toBe('true');

    await toggle.click();
    await page.locator('[data-card=orders] [data-state=HIT]').waitFor();
    expect(await statesOf(page)).toEqual(HITS);
    await expect.poll(() => count('with', 'origin')).toBe(7);
    expect(await layoutShifts(page)).toEqual([]);
    expect(await seriousFaults(page)).toEqual([]);
    expectNoFaults(alice);
    await alice.close();
  });

  test.each([{ width: 360 }, { width: 1280 }])(
    'the tour, at $width px: seven clicks, each with what happened at the edge, and each as told',
    async ({ width }) => {
      const visitor = await newVisitor(browser(), site.url, { viewport: { width, height: 900 } });
      const { page } = visitor;
      await visitor.open('/app/');
      await page.getByRole('button', { name: 'Take the tour' }).click();
      const verdict = page.locator('.verdict[data-as-told]');
      for (const [taken, states] of [
        'MISS MISS MISS BYPASS',
        'HIT HIT HIT BYPASS HIT',
        'HIT HIT HIT BYPASS HIT',
        'MISS MISS MISS BYPASS HIT',
        'MISS MISS MISS BYPASS MISS',
        'MISS MISS MISS BYPASS HIT',
        'MISS MISS MISS BYPASS HIT',
      ].entries()) {
        await page.locator(`.tour[data-taken="${taken + 1}"]`).waitFor();
        expect(await verdict.textContent()).toBe('As told.');
        expect((await page.locator('.seen tbody .badge').allTextContents()).join(' ')).toContain(states);
        expect(await layoutShifts(page, 0.001)).toEqual([]);
        expect(await overflowPx(page)).toBeLessThanOrEqual(0);
        // The keyboard alone takes the next step, also after somebody else was signed in.
        if (taken < 6) await page.keyboard.press('Enter');
      }
      await page.getByRole('button', { name: 'Take it again' }).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expectNoFaults(visitor);
      await visitor.close();
    },
  );
});
