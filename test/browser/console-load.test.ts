import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startConsole } from '../../cli/console/console-server.ts';
import { testBrowser } from './support/browser.ts';
import { recordedLine } from './support/recorded-log.ts';
import { site } from './support/site.ts';
import { PATTERNS } from './support/start-recorded.ts';
import { longestTaskMs } from './support/thread-time.ts';

const browser = testBrowser();

const A_SECOND = 500;
const SECONDS = 8;
const STEP_MS = 50;

/** So many requests a second for some seconds, at the pace of the clock. */
async function play(read: (line: string) => void, first: number): Promise<number> {
  const startMs = Date.now();
  let n = first;
  while (n < first + A_SECOND * SECONDS) {
    const due = first + Math.min(A_SECOND * SECONDS, ((Date.now() - startMs) / 1000) * A_SECOND);
    for (; n < due; n++) read(recordedLine(n, Date.now()));
    await sleep(STEP_MS);
  }
  return n;
}

test.each(['overview', 'requests'])(
  '500 requests a second keep the main thread of the page for less than a frame of 50 ms: %s',
  async (view) => {
    const running = await startConsole({ port: 0, folder: site.webFolder, askService: null });
    running.know({ routes: PATTERNS });
    const page = await browser().newPage();
    try {
      const { origin, hash } = new URL(running.url);
      await page.goto(`${origin}/?view=${view}${hash}`);
      await page.getByText('Live', { exact: true }).waitFor();
      // The lists are full, and the code is compiled.
      let played = await play(running.read, 0);
      const longestMs = await longestTaskMs(browser(), page, async () => {
        played = await play(running.read, played);
      });
      if (view === 'requests') {
        const kept = page.getByText(/The last \d,\d+ requests/);
        await expect.poll(() => kept.textContent()).toContain(played.toLocaleString('en'));
        // However many there are, the page has those that are in sight.
        expect(await page.locator('.grid-row').count()).toBeLessThan(60);
      }
      expect(longestMs).toBeLessThan(50);
    } finally {
      await page.close();
      await running.stop();
    }
  },
);
