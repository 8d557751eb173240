import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MEMBERS } from '../../demo/origin/members/members.ts';
import { purgeThrough } from '../../demo/origin/purge-through.ts';
import { demoKeys } from '../../scripts/demo-keys.ts';
import { root } from '../../scripts/root.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { testBrowser } from './support/browser.ts';
import { layoutShifts, overflowPx, seriousFaults } from './support/page-quality.ts';
import { resetSite, site } from './support/site.ts';
import { expectNoFaults, goBack, newVisitor, type Visitor } from './support/visitor.ts';

const browser = testBrowser();
beforeEach(resetSite);

async function signInAs({ page }: Visitor, name: string): Promise<void> {
  await page.goto('/members/');
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await page.getByRole('heading', { name: `Hello ${name}` }).waitFor();
}

async function signOut({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Members' }).waitFor();
}

/** What the page says of its own document. */
async function stateOf({ page }: Visitor): Promise<string | null> {
  const line = page.locator('.provenance[data-state]');
  await line.waitFor();
  return line.getAttribute('data-state');
}

async function loadAgain(visitor: Visitor): Promise<string | null> {
  await visitor.page.getByRole('button', { name: 'Load again' }).click();
  return stateOf(visitor);
}

async function originCount(route: string): Promise<number> {
  const response = await fetch(`${site.originUrl}/__origin/requests`);
  const { routes } = (await response.json()) as { routes: Record<string, { total: number } | undefined> };
  return routes[route]?.total ?? 0;
}

const textOf = ({ page }: Visitor) => page.locator('main').textContent();
const [dora, emil] = MEMBERS as [(typeof MEMBERS)[0], (typeof MEMBERS)[0]];

describe.each(['readthrough', 'core'] as const)('the members’ area, on the %s cache', (engine) => {
  let edge: RunningEdge;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    edge = await startEdge({
      originUrl: site.originUrl,
      wasm: path.join(root, 'bin/main.wasm'),
      keys: await demoKeys(),
      engine,
    });
  });
  afterAll(() => edge?.stop());
  beforeEach(() => purgeThrough(edge.url, site.operatorToken)(['route:members']));
  afterEach(async () => {
    await Promise.all(visitors.map((visitor) => visitor.close()));
    visitors = [];
  });

  async function visitor(): Promise<Visitor> {
    const opened = await newVisitor(browser(), edge.url);
    visitors.push(opened);
    return opened;
  }

  test('a member’s page comes from the edge at the second visit, and the session is asked about once', async () => {
    const one = await visitor();
    await signInAs(one, 'dora');
    const [pages, questions] = [await originCount('GET /members/'), await originCount('GET /edge/whoami')];
    expect(await loadAgain(one)).toBe('HIT');
    expect(await loadAgain(one)).toBe('HIT');
    expect(await originCount('GET /members/')).toBe(pages);
    expect(await originCount('GET /edge/whoami')).toBe(questions);
    expect(questions).toBe(1);
    expect(await textOf(one)).toContain(dora.booking);
    expect(await textOf(one)).toMatch(/edge \d+ ms, way \d+ ms/);
    expectNoFaults(one);
  });

  test('nobody sees the page of another member', async () => {
    const [one, two] = [await visitor(), await visitor()];
    await signInAs(one, 'dora');
    await signInAs(two, 'emil');
    for (let round = 0; round < 2; round++) {
      expect(await loadAgain(one)).toBe('HIT');
      expect(await loadAgain(two)).toBe('HIT');
      expect(await textOf(one)).toContain(dora.booking);
      expect(await textOf(one)).not.toContain(emil.booking);
      expect(await textOf(two)).toContain(emil.booking);
      expect(await textOf(two)).not.toContain(dora.booking);
    }
    // In the same browser, after one another.
    await signOut(one);
    await signInAs(one, 'emil');
    expect(await textOf(one)).not.toContain(dora.booking);
    expectNoFaults(one, two);
  });

  test('who signs out is forgotten: by the edge, by the browser and by the back button', async () => {
    const one = await visitor();
    await signInAs(one, 'dora');
    expect(await loadAgain(one)).toBe('HIT');
    const [cookie] = await one.context.cookies();
    expect(cookie).toMatchObject({ name: 'members_session', httpOnly: true, sameSite: 'Lax' });
    await signOut(one);
    expect(await one.context.cookies()).toEqual([]);
    expect(await textOf(one)).not.toContain(dora.booking);
    await goBack(one);
    await one.page.waitForFunction(() => document.querySelector('.panel') !== null && !document.body.hidden);
    expect(await textOf(one)).not.toContain(dora.booking);
    // Somebody who has copied the cookie before.
    await one.context.addCookies([cookie as NonNullable<typeof cookie>]);
    await one.page.goto('/members/');
    expect(await textOf(one)).not.toContain(dora.booking);
    expectNoFaults(one);
  });

  test('a change of the name is seen at once, and purges nobody else', async () => {
    const [one, two] = [await visitor(), await visitor()];
    await signInAs(one, 'dora');
    await signInAs(two, 'emil');
    for (const name of ['Dora D.', '<b>"Dora" & Co</b>']) {
      expect(await loadAgain(one)).toBe('HIT');
      await one.page.getByLabel('Name').fill(name);
      await one.page.getByRole('button', { name: 'Save' }).click();
      await one.page.getByRole('heading', { name: `Hello ${name}` }).waitFor();
      expect(await stateOf(one)).toBe('MISS');
      expect(await loadAgain(two)).toBe('HIT');
      expect(await textOf(two)).not.toContain(name);
    }
    expectNoFaults(one, two);
  });

  test('a form of another site changes nothing', async () => {
    const one = await visitor();
    await signInAs(one, 'dora');
    const cookies = (await one.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const post = (headers: Record<string, string>) =>
      fetch(`${edge.url}/members/name`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: cookies, ...headers },
        body: new URLSearchParams({ name: 'Mallory' }),
      });
    const { origin } = new URL(edge.url);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin, 'sec-fetch-site': 'cross-site' },
      { origin, 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await post(headers)).status).toBe(403);
    }
    await one.page.goto('/members/');
    expect(await textOf(one)).not.toContain('Mallory');
    expect((await post({ origin })).status).toBe(303);
    await one.page.goto('/members/');
    expect(await textOf(one)).toContain('Hello Mallory');
  });

  test('the question whose session it is is the edge’s alone', async () => {
    const one = await visitor();
    await signInAs(one, 'dora');
    const cookie = (await one.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    // Past the edge, with the cookie and without the secret; and through it, where a cookie goes to no public page.
    expect((await fetch(`${site.originUrl}/edge/whoami`, { headers: { cookie } })).status).toBe(404);
    expect((await fetch(`${edge.url}/edge/whoami`, { headers: { cookie } })).status).toBe(401);
    // What the edge proves itself with is in no answer, not in one that echoes the request either.
    const echo = await (await fetch(`${edge.url}/echo`, { method: 'POST', body: 'x' })).text();
    expect(echo).toContain('"headers"');
    expect(echo).not.toContain((await demoKeys()).originSecret);
  });
});

describe.each([
  { width: 360, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
] as const)('at $width px, in $colorScheme mode', ({ width, colorScheme }) => {
  test('the form and the page are accessible, still and without errors, with links to the demo and back', async () => {
    const visitor = await newVisitor(browser(), site.url, { viewport: { width, height: 900 }, colorScheme });
    const { page } = visitor;
    const check = async () => {
      await stateOf(visitor);
      expect(await layoutShifts(page)).toEqual([]);
      expect(await overflowPx(page)).toBeLessThanOrEqual(0);
      expect(await seriousFaults(page)).toEqual([]);
    };
    await visitor.open('/app/');
    await page.getByRole('link', { name: 'Members' }).click();
    await page.getByRole('heading', { name: 'Members' }).waitFor();
    await check();
    await signInAs(visitor, 'dora');
    await check();
    await page.reload();
    await check();
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await page.getByRole('button', { name: 'Sign in as carol' }).waitFor();
    expectNoFaults(visitor);
    await visitor.close();
  });
});
