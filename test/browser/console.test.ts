import { describe, expect, test } from 'vitest';
import { startConsole } from '../../cli/console/console-server.ts';
import { countedRequests } from '../support/live-state.ts';
import { testBrowser } from './support/browser.ts';
import { layoutShifts, overflowPx, seriousFaults } from './support/page-quality.ts';
import { painted } from './support/painted.ts';
import { site } from './support/site.ts';
import {
  expectNoFaults,
  lastCacheOf,
  newVisitor,
  press,
  signIn,
  statesOf,
  type Visitor,
} from './support/visitor.ts';

const browser = testBrowser();
const { origin } = new URL(site.consoleUrl);

type Options = Parameters<typeof newVisitor>[2];

/** Somebody at a page of the console: `overview`, `requests`, … */
async function operator(view = 'overview', options: Options = {}): Promise<Visitor> {
  const visitor = await newVisitor(browser(), origin, options);
  const url = new URL(site.consoleUrl);
  await visitor.open(`/?view=${view}${url.hash}`);
  await visitor.page.getByText('Live', { exact: true }).waitFor();
  return visitor;
}

async function alice(): Promise<Visitor> {
  const visitor = await newVisitor(browser(), site.url);
  await visitor.open('/app/');
  await signIn(visitor, 'alice');
  return visitor;
}

const tile = ({ page }: Visitor, name: string) =>
  page.locator(`[data-tile="${name}"] .tile-value`).textContent();
const countOf = async (visitor: Visitor) => Number((await tile(visitor, 'Requests'))?.replaceAll(',', ''));
const rows = ({ page }: Visitor) => page.locator('.grid-row');

/** From what is to be purged to its keys, which are shown before anything is. */
async function showKeys({ page }: Visitor, which: string): Promise<void> {
  await page.getByLabel(/^Which, such as/).fill(which);
  await page.getByRole('button', { name: 'Show the keys' }).click();
}

describe('the edge console', () => {
  test('sums up a span, and each route in it', async () => {
    const [watcher, user] = [await operator(), await alice()];
    await press(user, 'Ask again', /asked for again/);
    const orders = watcher.page.locator('.routes tbody tr', { hasText: 'orders' });
    await expect.poll(() => orders.first().textContent()).toMatch(/orders.*scoped.*\/api\/orders/);
    await expect.poll(() => countOf(watcher)).toBeGreaterThan(10);
    await expect
      .poll(async () => Number(await tile(watcher, 'Origin requests saved')))
      .toBeGreaterThanOrEqual(3);
    expect(await tile(watcher, 'Hit ratio')).toMatch(/^[\d.]+ %$/);
    expect(await tile(watcher, 'Leak guard')).toBe('quiet');
    await watcher.page.getByRole('button', { name: '60 min' }).click();
    await watcher.page.getByRole('img', { name: /Chart of the last hour: \d+ requests, / }).waitFor();
    expect(new URL(watcher.page.url()).searchParams.get('minutes')).toBe('60');
    await watcher.page.getByText('As a table').click();
    expect(await watcher.page.locator('details[open] tbody tr').count()).toBe(6);
    await watcher.page.getByText('Assumptions').click();
    await watcher.page.getByLabel('A million origin requests cost').fill('1000000');
    await watcher.page.reload();
    await watcher.page.getByText('Assumptions').click();
    expect(await watcher.page.getByLabel('A million origin requests cost').inputValue()).toBe('1000000');
    expect(await watcher.page.getByRole('link', { name: 'Back to the site' }).getAttribute('href')).toBe(
      `${site.url}/app/`,
    );
    expectNoFaults(watcher, user);
    await Promise.all([watcher.close(), user.close()]);
  });

  test('lists each request with its reason; filters stand in the address, and a row opens', async () => {
    const [watcher, user] = [await operator('requests'), await alice()];
    await press(user, 'Ask again', /asked for again/);
    const { page } = watcher;
    await page.getByLabel('State').selectOption('HIT');
    await page.getByLabel('Route').selectOption('orders');
    await expect.poll(() => rows(watcher).count()).toBeGreaterThanOrEqual(1);
    const row = await rows(watcher).first().textContent();
    expect(row).toMatch(/HIT.*\/api\/orders.*scope-verified.*[\w-]{6}….*(200|304).*\d+ ms$/);
    expect(await rows(watcher).evaluateAll((all) => all.every((one) => one.dataset.state === 'HIT'))).toBe(
      true,
    );
    await page.reload();
    await expect.poll(() => rows(watcher).count()).toBeGreaterThanOrEqual(1);
    expect(new URL(page.url()).search).toBe('?view=requests&state=HIT&route=orders');

    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^GET \/api\/orders/ }).waitFor();
    expect(await page.locator('.detail').textContent()).toMatch(/the token is verified.*Time: \d+ ms/);
    await page.getByRole('button', { name: 'All of this person' }).click();
    expect(new URL(page.url()).searchParams.get('fingerprint')).toMatch(/^[\w-]{16,}$/);
    await page.getByRole('button', { name: 'Clear' }).click();

    await fetch(`${site.url}/pages/welcome`, { headers: { cookie: 'cms_session=1' } });
    await page.getByLabel('Text').fill('cms-cookie');
    await rows(watcher).first().click();
    await page.getByText('an editor gets what is true now').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.detail').waitFor({ state: 'detached' });
    expectNoFaults(watcher, user);
    await Promise.all([watcher.close(), user.close()]);
  });

  test('comes up in a browser whose language Intl refuses, as Chromium’s is where the system has no locale', async () => {
    const visitor = await newVisitor(browser(), origin);
    await visitor.context.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' });
    });
    await visitor.open(site.consoleUrl);
    await visitor.page.getByText('Live', { exact: true }).waitFor();
    await visitor.page.locator('.chart canvas').waitFor();
    expectNoFaults(visitor);
    await visitor.close();
  });

  test('a purge shows its keys first, softly or hard takes just these, and the history tells both', async () => {
    const [watcher, user] = [await operator('purge'), await alice()];
    const { page } = watcher;
    await press(user, 'Ask again', /asked for again/);
    await showKeys(watcher, 'user 42');
    await page.getByText('Nothing is purged yet').waitFor();
    await page.locator('.keys', { hasText: 'user:42' }).waitFor();
    await press(user, 'Ask again', /asked for again/);
    expect((await statesOf(user.page)).orders).toBe('HIT');

    await page.getByRole('button', { name: 'Purge softly' }).click();
    await page.getByText('Stale from now on: user:42').waitFor();
    await press(user, 'Ask again', /asked for again/);
    expect((await statesOf(user.page)).dashboard).toBe('STALE');
    const isFresh = async () => {
      await press(user, 'Ask again', /asked for again/);
      return (await statesOf(user.page)).dashboard;
    };
    await expect.poll(isFresh).toBe('HIT');

    await showKeys(watcher, 'user 42');
    await page.getByRole('button', { name: 'Purge hard' }).click();
    await page.getByText('Purged: user:42').waitFor();
    await press(user, 'Ask again', /asked for again/);
    expect(await statesOf(user.page)).toMatchObject({ orders: 'MISS', dashboard: 'MISS', team: 'HIT' });
    expect(lastCacheOf(user, '/api/orders')).toBe('MISS');
    const history = page.locator('tbody tr', { hasText: 'this console' });
    await expect
      .poll(() => history.allTextContents())
      .toEqual([expect.stringMatching(/user:42.*hard$/), expect.stringMatching(/user:42.*soft$/)]);
    await showKeys(watcher, 'nobody 1');
    await page.getByText(/^400: /).waitFor();
    expectFailures(watcher, 1);
    expectNoFaults(user);
    await Promise.all([watcher.close(), user.close()]);
  });

  test('a switch is set once it is confirmed, holds at once, and is removed again', async () => {
    const watcher = await operator('switches');
    const { page } = watcher;
    const welcome = async () => (await fetch(`${site.url}/pages/welcome`)).headers.get('x-cache');
    await welcome();
    expect(await welcome()).toBe('HIT');
    const choices = page.getByRole('group', { name: 'Route pages' });
    const choice = (name: string) => choices.getByRole('button', { name, exact: true });
    await choice('pass').click();
    await page.getByRole('dialog').getByText('--key=route.pages --value=pass').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await welcome()).toBe('HIT');
    await choice('pass').click();
    await page.getByRole('button', { name: 'Set route.pages to pass' }).click();
    await page.getByText('route.pages is pass now').waitFor();
    await expect.poll(() => choice('pass').getAttribute('aria-pressed')).toBe('true');
    expect(await welcome()).toBe('BYPASS');
    await choice('on').click();
    await page.getByRole('button', { name: 'Set route.pages to on' }).click();
    await page.getByText('route.pages is on now').waitFor();
    expect(await welcome()).toBe('HIT');
    expectNoFaults(watcher);
    await watcher.close();
  });

  test('what a request would come to is explained, and the origin is not asked', async () => {
    const watcher = await operator('explain');
    const { page } = watcher;
    const form = page.locator('form', { has: page.getByRole('button', { name: 'Explain', exact: true }) });
    await form.getByLabel('Path, with its query').fill('/pages/welcome');
    await form.getByLabel('Headers of that answer, one a line').fill('Cache-Control: max-age=77');
    await form.getByRole('button').click();
    const answer = page.getByRole('region', { name: 'Answer to Explain' });
    await answer.getByText('public: anonymous').waitFor();
    expect(await answer.getByRole('listitem').count()).toBeGreaterThan(5);
    const told = JSON.parse((await answer.locator('pre').textContent()) ?? '');
    expect(told).toMatchObject({
      lane: 'public',
      route: 'pages',
      response: { stored: true, ttlSeconds: 77 },
    });
    await form.getByLabel('Headers, one a line').fill('Cookie: cms_session=1');
    await form.getByRole('button').click();
    await answer.getByText('pass: cms-cookie').waitFor();
    await answer.getByText('All of it').click();
    expect(await seriousFaults(page)).toEqual([]);
    expectNoFaults(watcher);
    await watcher.close();
  });

  test('the operator’s token is in nothing that the page gets', async () => {
    const watcher = await operator('purge');
    await showKeys(watcher, 'user 42');
    await watcher.page.locator('.keys', { hasText: 'user:42' }).waitFor();
    const { operatorToken } = site;
    const all = watcher.responses.filter((response) => !response.url().includes('/events'));
    const texts = await Promise.all(all.map((response) => response.text().catch(() => '')));
    const headers = await Promise.all(all.map((response) => response.request().allHeaders()));
    expect(texts.length).toBeGreaterThan(3);
    expect(JSON.stringify([texts, headers, await watcher.page.content()])).not.toContain(operatorToken);
    await watcher.close();
  });

  test('without the key there is nothing to see, and another site’s page gets nothing done', async () => {
    const stranger = await newVisitor(browser(), origin);
    await stranger.open('/');
    await stranger.page.getByText('Open the address that the command has printed').waitFor();

    const key = new URL(site.consoleUrl).hash.slice('#key='.length);
    const user = await alice();
    const blocked = await user.page.evaluate(
      async ([url, secret]) => {
        const send = (headers: Record<string, string>) =>
          fetch(`${url}/purge`, {
            method: 'POST',
            headers,
            body: '{"scope":"user","value":"42"}',
            mode: 'cors',
          })
            .then(({ status }) => String(status))
            .catch(() => 'blocked');
        return [
          await send({ 'content-type': 'application/json', 'x-console-key': secret ?? '' }),
          await send({ 'content-type': 'text/plain' }),
        ];
      },
      [origin, key],
    );
    expect(blocked).toEqual(['blocked', 'blocked']);
    await press(user, 'Ask again', /asked for again/);
    expect((await statesOf(user.page)).orders).toBe('HIT');
    await Promise.all([stranger.close(), user.close()]);
  });

  test('it can be paused, and goes on where the present is', async () => {
    const watcher = await operator();
    const other = await operator();
    const shown = async () => [await countOf(watcher), await countOf(other)];
    await expect.poll(async () => new Set(await shown()).size).toBe(1);
    await watcher.page.getByRole('button', { name: 'Pause' }).click();
    const before = await countOf(watcher);
    await fetch(`${site.url}/pages/welcome`);
    // Everybody is told at once.
    await expect.poll(() => countOf(other)).toBeGreaterThan(before);
    await painted(watcher.page);
    expect(await countOf(watcher)).toBe(before);
    await watcher.page.getByRole('button', { name: 'Pause' }).click();
    await fetch(`${site.url}/pages/welcome`);
    await expect.poll(() => countOf(watcher)).toBeGreaterThanOrEqual(before + 2);
    await Promise.all([watcher.close(), other.close()]);
  });

  test('a log that has ended leaves its last state, and without a token nothing is done', async () => {
    const other = await startConsole({ port: 0, folder: site.webFolder, askService: null });
    other.end();
    const watcher = await newVisitor(browser(), new URL(other.url).origin);
    await watcher.open(other.url);
    await watcher.page.getByText('The log has ended').waitFor();
    await watcher.page.getByRole('link', { name: 'Purge' }).click();
    await showKeys(watcher, 'user 42');
    await watcher.page.getByText('503: the console has no operator’s token').waitFor();
    await watcher.page.goBack();
    await watcher.page.getByText('No request in this span').waitFor();
    await watcher.close();
    await other.stop();
  });

  test('the key leaves the address, and the page can be loaded again', async () => {
    const watcher = await operator();
    expect(watcher.page.url()).toBe(`${origin}/?view=overview`);
    await watcher.page.reload();
    await watcher.page.getByText('Live', { exact: true }).waitFor();
    await watcher.close();
  });

  test.each([
    { width: 360, colorScheme: 'light', view: 'overview' },
    { width: 360, colorScheme: 'dark', view: 'requests' },
    { width: 1280, colorScheme: 'light', view: 'requests' },
    { width: 1280, colorScheme: 'dark', view: 'overview' },
    { width: 360, colorScheme: 'light', view: 'purge' },
    { width: 768, colorScheme: 'dark', view: 'switches' },
  ] as const)(
    '$view at $width px, in $colorScheme mode: accessible, still, without errors',
    async (options) => {
      const { width, colorScheme, view } = options;
      // The busiest route comes first in the table: with these no other one is, and no row overtakes another meanwhile.
      if (view === 'overview') await readPages(100);
      const watcher = await operator(view, { viewport: { width, height: 900 }, colorScheme });
      const before = await countedRequests(site.consoleUrl);
      await readPages(5);
      if (view === 'overview') await expect.poll(() => countOf(watcher)).toBeGreaterThanOrEqual(before + 5);
      expect(await layoutShifts(watcher.page, 0.001)).toEqual([]);
      expect(await overflowPx(watcher.page)).toBeLessThanOrEqual(0);
      expect(await seriousFaults(watcher.page)).toEqual([]);
      expectNoFaults(watcher);
      await watcher.close();
    },
  );
});

/** Reads a page so often, and waits until the console has counted that. */
async function readPages(count: number): Promise<void> {
  const before = await countedRequests(site.consoleUrl);
  for (let i = 0; i < count; i++) await fetch(`${site.url}/pages/welcome`);
  await expect.poll(() => countedRequests(site.consoleUrl)).toBeGreaterThanOrEqual(before + count);
}

/** The browser notes each failed request by itself: so many were asked for, and nothing else went wrong. */
function expectFailures({ faults }: Visitor, count: number): void {
  const [failed, others] = [faults.filter((text) => /the server responded/.test(text)), faults];
  expect([failed.length, others.length]).toEqual([count, count]);
}
