import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { root } from '../../../scripts/root.ts';
import { painted } from './painted.ts';

const FOLDER = path.join(root, 'test/browser/pictures');

/** The console from the phone to the desk, in both modes. */
export const PICTURES = [360, 768, 1280].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((mode) =>
    // A request is open in one mode alone: as much to keep as it shows.
    (mode === 'light' ? (['overview', 'requests'] as const) : (['overview', 'request'] as const)).map(
      (view) => ({
        name: `${view}-${width}-${mode}`,
        width,
        mode,
        view,
      }),
    ),
  ),
);
export type Picture = (typeof PICTURES)[number];

export function pictureFile(name: string): string {
  return path.join(FOLDER, `${name}.png`);
}

export function keptPicture(name: string): Buffer | null {
  const file = pictureFile(name);
  return existsSync(file) ? readFileSync(file) : null;
}

/** A page of the console, as PNG. Time zone, language and motion are fixed; the log and the clock are by whoever started it. */
export async function takePicture(browser: Browser, consoleUrl: string, picture: Picture): Promise<Buffer> {
  const { width, mode, view } = picture;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: mode,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const { origin, hash } = new URL(consoleUrl);
    await page.goto(`${origin}/?view=${view === 'overview' ? 'overview' : 'requests'}${hash}`);
    await page.getByText('Live', { exact: true }).waitFor();
    if (view === 'overview') await page.locator('.sparkline').first().waitFor();
    else await page.locator('.grid-row').nth(5).waitFor();
    if (view === 'request') {
      await page.locator('.grid-row[data-state=BYPASS]').first().click();
      await page.locator('.timings').waitFor();
    }
    await painted(page);
    return await page.screenshot({ animations: 'disabled', caret: 'hide' });
  } finally {
    await context.close();
  }
}
