import { describe, expect, test } from 'vitest';
import { testBrowser } from './support/browser.ts';
import { layoutShifts, overflowPx, seriousFaults } from './support/page-quality.ts';
import { site } from './support/site.ts';
import { expectNoFaults, newVisitor, settled, signIn, type Visitor } from './support/visitor.ts';

const browser = testBrowser();

/** Each page, the way to it, and what has to stand there when it is loaded again. */
const PAGES: Readonly<
  Record<string, { path: string; enter(visitor: Visitor): Promise<void>; ready: string }>
> = {
  'the sign-in': { path: '/app/', enter: async () => {}, ready: 'Sign in as carol' },
  'the dashboard': { path: '/app/', enter: (visitor) => signIn(visitor, 'alice'), ready: 'ending in 4242' },
  'the CMS': {
    path: '/app/cms/',
    async enter({ page }) {
      await page.getByRole('button', { name: 'Sign in as an editor' }).click();
      await page.getByLabel('Draft of welcome').waitFor();
    },
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
      const visitor = await newVisitor(browser(), site.url, {
        viewport: { width, height: 900 },
        colorScheme,
      });
      const { page } = visitor;
      await visitor.open(path);
      await enter(visitor);
      await page.reload();
      await page.getByText(ready).first().waitFor();
      if (ready.startsWith('ending')) await settled(page);

      expect(await layoutShifts(page)).toEqual([]);
      expect(await overflowPx(page)).toBeLessThanOrEqual(0);
      expect(await seriousFaults(page)).toEqual([]);
      expectNoFaults(visitor);
      await visitor.close();
    },
  );
});

test('the dashboard can be used with the keyboard alone', async () => {
  const visitor = await newVisitor(browser(), site.url);
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
