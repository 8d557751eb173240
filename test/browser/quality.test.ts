import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './support/launch-browser.ts';
import { layoutShift, overflowPx, seriousFaults } from './support/page-quality.ts';
import { type Site, startSite } from './support/start-site.ts';
import { expectNoFaults, newVisitor, settled, signIn, type Visitor } from './support/visitor.ts';

let site: Site;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

/** Each page, the way to it, and what has to stand there when it is loaded again. */
const PAGES: Readonly<
  Record<string, { path: string; enter(visitor: Visitor): Promise<void>; ready: string }>
> = {
  'the sign-in': { path: '/app/', enter: async () => {}, ready: 'Sign in as carol' },
  'the dashboard': { path: '/app/', enter: (visitor) => signIn(visitor, 'alice'), ready: 'ending in 4242' },
  'the CMS': {
    path: '/app/cms/',
    enter: ({ page }) => page.getByRole('button', { name: 'Sign in as an editor' }).click(),
    ready: 'draft, made at',
  },
};

describe.each(Object.entries(PAGES))('%s', (_name, { path, enter, ready }) => {
  test.each([
    { width: 360, colorScheme: 'light' },
    { width: 360, colorScheme: 'dark' },
    { width: 1280, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
  ] as const)(
    'at $width px, in $colorScheme mode: accessible, still, without errors',
    async ({ width, colorScheme }) => {
      const visitor = await newVisitor(browser, site.url, { viewport: { width, height: 900 }, colorScheme });
      const { page } = visitor;
      await visitor.open(path);
      await enter(visitor);
      await page.reload();
      await page.getByText(ready).first().waitFor();
      if (ready.startsWith('ending')) await settled(page);

      expect(await layoutShift(page)).toBe(0);
      expect(await overflowPx(page)).toBeLessThanOrEqual(0);
      expect(await seriousFaults(page)).toEqual([]);
      expectNoFaults(visitor);
      await visitor.close();
    },
  );
});

test('the dashboard can be used with the keyboard alone', async () => {
  const visitor = await newVisitor(browser, site.url);
  const { page } = visitor;
  await visitor.open('/app/');
  await page.getByRole('button', { name: 'Sign in as alice' }).waitFor();
  await tabTo('Sign in as alice');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Hello alice' }).waitFor();
  await settled(page);
  await tabTo('Refresh token');
  await page.keyboard.press('Space');
  await page.locator('output', { hasText: /Another token/ }).waitFor();
  await visitor.close();

  async function tabTo(name: string): Promise<void> {
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return;
    }
    throw new Error(`no way to ${name}`);
  }
});
