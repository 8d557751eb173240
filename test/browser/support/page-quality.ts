import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The faults against accessibility that axe calls serious or critical: which rule, where. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Not as a script element: the page's Content-Security-Policy forbids it, as it should.
  await page.evaluate(await axeSource());
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(AXE, 'utf8');
}

/**
 * What has moved since the page was opened, by how much, without what a person's own input moved.
 *
 * @param tolerated - A number at the right of its column that gets another digit begins further left: that counts for 0.0002.
 */
export function layoutShifts(page: Page, tolerated = 0): Promise<string[]> {
  return page.evaluate(
    (tolerance) =>
      new Promise<string[]>((resolve) => {
        const shifts: string[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & {
            value: number;
            hadRecentInput: boolean;
            sources: readonly { node?: Node }[];
          })[]) {
            if (entry.hadRecentInput || entry.value <= tolerance) continue;
            const moved = entry.sources.map(({ node }) => node?.textContent?.slice(0, 40) ?? '?');
            shifts.push(`${entry.value}: ${moved.join(' | ')}`);
          }
        });
        observer.observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(shifts), 200);
      }),
    tolerated,
  );
}

/** How far the page is wider than its window: 0 where nothing has to be scrolled sideways. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
