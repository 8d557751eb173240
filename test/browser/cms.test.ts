import { beforeEach, describe, expect, test } from 'vitest';
import { testBrowser } from './support/browser.ts';
import { resetSite, site } from './support/site.ts';
import { expectNoFaults, goBack, lastCacheOf, newVisitor, press, type Visitor } from './support/visitor.ts';

const browser = testBrowser();
beforeEach(resetSite);

async function editor(): Promise<Visitor> {
  const visitor = await newVisitor(browser(), site.url);
  await visitor.open('/app/cms/');
  await visitor.page.getByRole('button', { name: 'Sign in as an editor' }).click();
  await visitor.page.getByLabel('Draft of welcome').waitFor();
  return visitor;
}

/** A view of the page in the editor's window: `text`, and where it came from. */
async function shows({ page }: Visitor, view: string, text: string, state: RegExp): Promise<void> {
  const card = page.locator(`[data-card=${view}]`, { hasText: text });
  await card.waitFor();
  await expect.poll(() => card.locator('.provenance').getAttribute('data-state')).toMatch(state);
}

async function readsAsAnybody(visitor: Visitor): Promise<string | null> {
  await visitor.open('/pages/welcome');
  return visitor.page.locator('body').textContent();
}

describe('the CMS', () => {
  test('a draft is seen by its editor alone; published, it is seen by everybody at once', async () => {
    const anna = await editor();
    const anybody = await newVisitor(browser(), site.url);
    expect(await readsAsAnybody(anybody)).toContain('Welcome.');

    await anna.page.getByLabel('Draft of welcome').fill('Welcome, all.');
    await press(anna, 'Save draft', /draft is saved/);
    await shows(anna, 'mine', 'Welcome, all.', /BYPASS/);
    await shows(anna, 'preview', 'Welcome, all.', /BYPASS/);
    await shows(anna, 'anybody', 'Welcome.', /HIT/);
    const second = await newVisitor(browser(), site.url);
    expect(await readsAsAnybody(second)).not.toContain('all.');
    expect(lastCacheOf(second, '/pages/welcome')).toBe('HIT');

    await press(anna, 'Publish', /purged at the edge: page:welcome/);
    await shows(anna, 'anybody', 'Welcome, all.', /MISS|HIT/);
    const third = await newVisitor(browser(), site.url);
    expect(await readsAsAnybody(third)).toContain('Welcome, all.');
    expect(lastCacheOf(third, '/pages/welcome')).toBe('HIT');
    expectNoFaults(anna);
    await Promise.all([anna, anybody, second, third].map((visitor) => visitor.close()));
  });

  test('publishing one page leaves the others in the cache', async () => {
    const anna = await editor();
    const anybody = await newVisitor(browser(), site.url);
    await anybody.open('/pages/pricing');
    await anna.page.getByLabel('Draft of welcome').fill('New.');
    await press(anna, 'Publish', /purged at the edge/);
    const other = await newVisitor(browser(), site.url);
    await other.open('/pages/pricing');
    expect(lastCacheOf(other, '/pages/pricing')).toBe('HIT');
    expectNoFaults(anna, anybody, other);
    await Promise.all([anna, anybody, other].map((visitor) => visitor.close()));
  });

  test('two windows side by side: what the editor does and reads never reaches the other one', async () => {
    const anna = await editor();
    const anybody = await newVisitor(browser(), site.url);
    for (const draft of ['one', 'two', 'three']) {
      await anna.page.getByLabel('Draft of welcome').fill(`secret ${draft}`);
      await press(anna, 'Save draft', /draft is saved/);
      await shows(anna, 'mine', `secret ${draft}`, /BYPASS/);
      expect(await readsAsAnybody(anybody)).not.toContain('secret');
      await anybody.open('/preview/welcome');
      expect(await anybody.page.locator('body').textContent()).toContain('editors only');
    }
    const drafts = anna.responses.filter((response) => /\/(?:preview|api\/cms)\//.test(response.url()));
    expect(drafts.length).toBeGreaterThan(3);
    for (const response of drafts) {
      expect(response.headers()['cache-control']).toBe('private, no-store, max-age=0');
      expect(response.headers()['x-cache']).toBe('BYPASS');
      expect(response.headers()['x-auth-route']).toBe('true');
    }
    expectNoFaults(anna);
    await Promise.all([anna, anybody].map((visitor) => visitor.close()));
  });

  test('after signing out the back button shows no draft', async () => {
    const anna = await editor();
    await anna.page.getByLabel('Draft of welcome').fill('secret draft');
    await press(anna, 'Save draft', /draft is saved/);
    await anna.open('/app/');
    await anna.page.request.post('/cms/logout');
    await goBack(anna);
    await anna.page.getByRole('button', { name: 'Sign in as an editor' }).waitFor();
    expect(await anna.page.content()).not.toContain('secret draft');
    expectNoFaults(anna);
    await anna.close();
  });
});
