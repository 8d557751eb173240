import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningConsole } from '../../cli/console/console-server.ts';
import { testBrowser } from './support/browser.ts';
import { packagedChromium } from './support/packaged-chromium.ts';
import { keptPicture, PICTURES, takePicture } from './support/pictures.ts';
import { site } from './support/site.ts';
import { startRecorded } from './support/start-recorded.ts';

const browser = testBrowser();
let running: RunningConsole;
beforeAll(async () => {
  running = await startRecorded(site.webFolder);
});
afterAll(() => running?.stop());

/** A hair of antialiasing, and no word that has moved or changed. */
const TOLERATED_PX = 100;
/** Another Chromium has other fonts, and no picture to compare with. */
const isPackaged = process.env.CHROMIUM === undefined && (await packagedChromium()) !== null;

describe.runIf(isPackaged)(
  'the console looks as it is kept (`npm run screenshots` takes the pictures anew)',
  () => {
    test.each(PICTURES)('$name', async (picture) => {
      const kept = keptPicture(picture.name);
      expect(kept, 'there is no such picture').not.toBeNull();
      const before = PNG.sync.read(kept as Buffer);
      const now = PNG.sync.read(await takePicture(browser(), running.url, picture));
      const { width, height } = before;
      expect([now.width, now.height]).toEqual([width, height]);
      const different = pixelmatch(before.data, now.data, undefined, width, height, { threshold: 0.1 });
      expect(different).toBeLessThanOrEqual(TOLERATED_PX);
    });
  },
);
