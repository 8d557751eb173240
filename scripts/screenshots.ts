import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { buildWeb } from '../test/browser/support/build-web.ts';
import ensureMainWasm from '../test/browser/support/ensure-main-wasm.ts';
import { launchBrowser } from '../test/browser/support/launch-browser.ts';
import { PICTURES, pictureFile, takePicture } from '../test/browser/support/pictures.ts';
import { startRecorded } from '../test/browser/support/start-recorded.ts';
import { startSite } from '../test/browser/support/start-site.ts';
import { newVisitor, press, signIn, type Visitor } from '../test/browser/support/visitor.ts';
import { root } from './root.ts';

/** `npm run screenshots`: the pages of the demo as they are, into docs/images, and the console for its test. */
const FOLDER = path.join(root, 'docs/images');
const VIEW = { viewport: { width: 1100, height: 740 }, colorScheme: 'light' } as const;

await ensureMainWasm();
buildWeb();
mkdirSync(FOLDER, { recursive: true });
const { facts, stop } = await startSite(path.join(root, 'build/web'));
const browser = await launchBrowser();
try {
  await dashboard();
  await twoPeople();
  await cms();
  await edgeConsole();
  await pictures();
} finally {
  await browser.close();
  await stop();
}

async function dashboard(): Promise<void> {
  const alice = await newVisitor(browser, facts.url, VIEW);
  await alice.open('/app/');
  await signIn(alice, 'alice');
  await press(alice, 'Refresh token', /Another token/);
  await shoot(alice.page, 'dashboard');
}

/** Two browsers at once, side by side in one picture: Alice for the second time, Bob for the first. */
async function twoPeople(): Promise<void> {
  const viewport = { width: 700, height: 1020 };
  const pictures: string[] = [];
  for (const name of ['alice', 'bob']) {
    const person = await newVisitor(browser, facts.url, { ...VIEW, viewport });
    await person.open('/app/');
    await signIn(person, name);
    const picture = await person.page.screenshot({ animations: 'disabled' });
    pictures.push(`<img src="data:image/png;base64,${picture.toString('base64')}">`);
    await person.close();
  }
  const page = await browser.newPage({ ...VIEW, viewport: { ...viewport, width: 2 * viewport.width + 16 } });
  await page.setContent(
    `<body style="margin:0;display:flex;gap:16px;background:#888">${pictures.join('')}</body>`,
  );
  await page.locator('img').last().waitFor();
  await shoot(page, 'two-people');
}

async function cms(): Promise<void> {
  const editor = await newVisitor(browser, facts.url, VIEW);
  await editor.open('/app/cms/');
  await editor.page.getByRole('button', { name: 'Sign in as an editor' }).click();
  await editor.page.getByLabel('Draft of welcome').fill('Welcome to the spring sale.');
  await press(editor, 'Save draft', /draft is saved/);
  await editor.page.getByRole('button', { name: 'Ask again for Everybody else' }).click();
  await editor.page.locator('[data-card=anybody] [data-state=HIT]').waitFor();
  await shoot(editor.page, 'cms');
}

async function edgeConsole(): Promise<void> {
  const operator = await newVisitor(browser, new URL(facts.consoleUrl).origin, VIEW);
  await operator.open(facts.consoleUrl);
  await traffic();
  await operator.page.waitForTimeout(1500);
  await shoot(operator.page, 'console');
}

/** What test/browser/console-pictures.test.ts compares the console with. */
async function pictures(): Promise<void> {
  const recorded = await startRecorded(path.join(root, 'build/web'));
  for (const picture of PICTURES) {
    const file = pictureFile(picture.name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, small(await takePicture(browser, recorded.url, picture)));
    console.log(path.relative(root, file));
  }
  await recorded.stop();
}

/** The same picture in fewer bytes: it is kept in the repository. */
function small(picture: Buffer): Buffer {
  return PNG.sync.write(PNG.sync.read(picture), {
    colorType: 2,
    filterType: 0,
    deflateLevel: 9,
    deflateStrategy: 0,
  });
}

/** People at work for half a minute: something for the chart to show. */
async function traffic(): Promise<void> {
  const people = await Promise.all(['alice', 'bob', 'carol'].map(atWork));
  for (let round = 0; round < 12; round++) {
    for (const person of people) await press(person, round % 5 === 4 ? 'Refresh token' : 'Ask again', /\w/);
    if (round % 4 === 3)
      await people[0]?.page.request.put('/api/profile', { data: { displayName: `Alice ${round}` } });
    await Promise.all(people.map(({ page }) => page.waitForTimeout(2000)));
  }
}

async function atWork(name: string): Promise<Visitor> {
  const visitor = await newVisitor(browser, facts.url);
  await visitor.open('/app/');
  await signIn(visitor, name);
  return visitor;
}

async function shoot(page: Page, name: string): Promise<void> {
  const file = path.join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled', fullPage: name !== 'console' });
  console.log(path.relative(root, file));
}
