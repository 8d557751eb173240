import { describe, expect, test } from 'vitest';
import { startConsole } from '../../cli/console/console-server.ts';
import type { LiveState } from '../../cli/console/live-state.ts';
import { liveState } from '../support/live-state.ts';
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

async function operator(options: Parameters<typeof newVisitor>[2] = {}): Promise<Visitor> {
  const visitor = await newVisitor(browser(), origin, options);
  await visitor.open(site.consoleUrl);
  await visitor.page.getByText('Live', { exact: true }).waitFor();
  return visitor;
}

async function alice(): Promise<Visitor> {
  const visitor = await newVisitor(browser(), site.url);
  await visitor.open('/app/');
  await signIn(visitor, 'alice');
  return visitor;
}

const tile = ({ page }: Visitor, name: string) => page.locator(`[data-tile="${name}"] dd`).textContent();
/** What the console knows, once it is so. */
async function stateWith(condition: (state: LiveState) => boolean): Promise<LiveState> {
  await expect.poll(async () => condition(await liveState(site.consoleUrl))).toBe(true);
  return liveState(site.consoleUrl);
}
const countOf = async (visitor: Visitor) => Number((await tile(visitor, 'Requests'))?.replaceAll(',', ''));

describe('the edge console', () => {
  test('shows each request as it happens, with its reason', async () => {
    const [watcher, user] = [await operator(), await alice()];
    await press(user, 'Ask again', /asked for again/);
    const row = watcher.page.locator('tr[data-state=HIT]', { hasText: 'scope-verified' });
    await expect.poll(() => row.count()).toBeGreaterThanOrEqual(3);
    const orders = watcher.page.locator('.few tr', { hasText: 'orders' });
    await expect.poll(() => orders.first().textContent()).toMatch(/orders.*scoped/);
    await expect.poll(() => countOf(watcher)).toBeGreaterThan(10);
    expect(Number(await tile(watcher, 'Origin requests saved'))).toBeGreaterThanOrEqual(3);
    expect(await tile(watcher, 'Hit ratio')).toMatch(/^\d+\.\d %$/);
    expect(await tile(watcher, 'Leak guard')).toBe('quiet');
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

  test('on a phone the hit ratio of each route is in sight, and no heading is cut off', async () => {
    const phone = await operator({ viewport: { width: 360, height: 740 } });
    const heads = await phone.page.locator('.scroll thead th').evaluateAll((cells) =>
      cells.map((cell) => ({
        name: cell.textContent,
        isCut: cell.scrollWidth > cell.clientWidth,
        rightPx: cell.getBoundingClientRect().right,
      })),
    );
    expect(heads.filter(({ isCut }) => isCut)).toEqual([]);
    expect(heads.find(({ name }) => name === 'Hit ratio')?.rightPx).toBeLessThanOrEqual(344);
    await phone.close();
  });

  test('draws a chart, and says the same in words and in a table', async () => {
    const watcher = await operator();
    const chart = watcher.page.getByRole('img', { name: /Chart of the last ten minutes: \d+ requests, / });
    await chart.waitFor();
    const isDrawn = () =>
      chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return pixels.some((value) => value !== 0);
      });
    await expect.poll(isDrawn).toBe(true);
    await watcher.page.getByText('As a table').click();
    expect(await watcher.page.locator('details tbody tr').count()).toBeGreaterThanOrEqual(2);
    await watcher.close();
  });

  test('what the operator purges there is fetched anew, for that user alone', async () => {
    const [watcher, user] = [await operator(), await alice()];
    await press(user, 'Ask again', /asked for again/);
    expect((await statesOf(user.page)).orders).toBe('HIT');
    await watcher.page.getByLabel(/^Which, such as/).fill('user 42');
    await watcher.page.getByRole('button', { name: 'Purge', exact: true }).click();
    await watcher.page.getByText('Purged: user:42').waitFor();
    await press(user, 'Ask again', /asked for again/);
    expect(await statesOf(user.page)).toMatchObject({ orders: 'MISS', dashboard: 'MISS', team: 'HIT' });
    expect(lastCacheOf(user, '/api/orders')).toBe('MISS');
    await Promise.all([watcher.close(), user.close()]);
  });

  test('what a request would come to is explained, and the origin is not asked', async () => {
    const watcher = await operator();
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

  test('a soft purge: the old page once more, while it is fetched anew', async () => {
    const [watcher, user] = [await operator(), await alice()];
    await watcher.page.getByLabel(/^Which, such as/).fill('user 42');
    await watcher.page.getByRole('checkbox', { name: /^soft/ }).check();
    await watcher.page.getByRole('button', { name: 'Purge', exact: true }).click();
    await watcher.page.getByText('Stale from now on: user:42').waitFor();
    await press(user, 'Ask again', /asked for again/);
    expect((await statesOf(user.page)).dashboard).toBe('STALE');
    expect(lastCacheOf(user, '/api/dashboard')).toBe('STALE');
    const isFresh = async () => {
      await press(user, 'Ask again', /asked for again/);
      return (await statesOf(user.page)).dashboard;
    };
    await expect.poll(isFresh).toBe('HIT');
    expectNoFaults(watcher, user);
    await Promise.all([watcher.close(), user.close()]);
  });

  test('the operator’s token is in nothing that the page gets', async () => {
    const watcher = await operator();
    await watcher.page.getByLabel(/^Which, such as/).fill('user 42');
    await watcher.page.getByRole('button', { name: 'Purge', exact: true }).click();
    await watcher.page.getByText('Purged: user:42').waitFor();
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
    const shown = async () => [await countOf(watcher), (await liveState(site.consoleUrl)).totals.requests];
    await expect.poll(async () => new Set(await shown()).size).toBe(1);
    await watcher.page.getByRole('button', { name: 'Pause' }).click();
    const before = await countOf(watcher);
    await fetch(`${site.url}/pages/welcome`);
    const { totals } = await stateWith((state) => state.totals.requests > before);
    // Everybody is told at once.
    await expect.poll(() => countOf(other)).toBe(totals.requests);
    await painted(watcher.page);
    expect(await countOf(watcher)).toBe(before);
    await watcher.page.getByRole('button', { name: 'Pause' }).click();
    await fetch(`${site.url}/pages/welcome`);
    await expect.poll(() => countOf(watcher)).toBe(totals.requests + 1);
    await Promise.all([watcher.close(), other.close()]);
  });

  test('a log that has ended leaves its last state, and without a token nothing is done', async () => {
    const other = await startConsole({ port: 0, folder: site.webFolder, askService: null });
    other.end();
    const watcher = await newVisitor(browser(), new URL(other.url).origin);
    await watcher.open(other.url);
    await watcher.page.getByText('The log has ended').waitFor();
    await watcher.page.getByLabel(/^Which, such as/).fill('user 42');
    await watcher.page.getByRole('button', { name: 'Purge', exact: true }).click();
    await watcher.page.getByText('503: the console has no operator’s token').waitFor();
    await watcher.close();
    await other.stop();
  });

  test('the key leaves the address, and the page can be loaded again', async () => {
    const watcher = await operator();
    expect(watcher.page.url()).toBe(`${origin}/`);
    await watcher.page.reload();
    await watcher.page.getByText('Live', { exact: true }).waitFor();
    await watcher.close();
  });

  test.each([
    { width: 360, colorScheme: 'light' },
    { width: 360, colorScheme: 'dark' },
    { width: 1280, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
  ] as const)('at $width px, in $colorScheme mode: accessible, still, without errors', async (options) => {
    const { width, colorScheme } = options;
    const watcher = await operator({ viewport: { width, height: 900 }, colorScheme });
    const before = (await liveState(site.consoleUrl)).totals.requests;
    for (let i = 0; i < 5; i++) await fetch(`${site.url}/pages/welcome`);
    await expect.poll(() => countOf(watcher)).toBeGreaterThanOrEqual(before + 5);
    expect(await layoutShifts(watcher.page, 0.001)).toEqual([]);
    expect(await overflowPx(watcher.page)).toBeLessThanOrEqual(0);
    expect(await seriousFaults(watcher.page)).toEqual([]);
    expectNoFaults(watcher);
    await watcher.close();
  });
});
