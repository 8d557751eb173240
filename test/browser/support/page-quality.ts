import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { painted } from './painted.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The faults against accessibility that axe calls serious or critical: which rule, where. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Not as a script element: the page's Content-Security-Policy forbids it, as it should.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

type Shift = PerformanceEntry & {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node?: Node }[];
};
type Watched = Window & { layout?: { readonly observer: PerformanceObserver; readonly shifts: Shift[] } };

/** Keeps what moves in each document, from its beginning. */
export function watchLayout(context: BrowserContext): Promise<unknown> {
  // No function here may have a name: tsx would have the page call a helper of its own.
  return context.addInitScript(() => {
    const shifts: Shift[] = [];
    const observer = new PerformanceObserver((list) => shifts.push(...(list.getEntries() as Shift[])));
    observer.observe({ type: 'layout-shift', buffered: true });
    (window as Watched).layout = { observer, shifts };
  });
}

/**
 * What has moved since the page was opened, by how much, without what a person's own input moved.
 *
 * @param tolerated - A number at the right of its column that gets another digit begins further left: that counts for 0.0002.
 */
export async function layoutShifts(page: Page, tolerated = 0): Promise<string[]> {
  await painted(page);
  return page.evaluate((tolerance) => {
    const { layout } = window as Watched;
    if (layout === undefined) throw new Error('the layout of this page is not watched');
    return [...layout.shifts, ...(layout.observer.takeRecords() as Shift[])]
      .filter(({ value, hadRecentInput }) => value > tolerance && !hadRecentInput)
      .map(({ value, sources }) => {
        const moved = sources.map(({ node }) => node?.textContent?.slice(0, 40) ?? '?');
        return `${value}: ${moved.join(' | ')}`;
      });
  }, tolerated);
}

/** How far the page is wider than its window: 0 where nothing has to be scrolled sideways. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
