import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SessionOrigin, startSessionOrigin } from '../session-site/session-origin.ts';
import { siteKeys } from '../site/keys.ts';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { testBrowser } from './support/browser.ts';
import { newVisitor, type Visitor } from './support/visitor.ts';

let origin: SessionOrigin;
let edge: RunningEdge;
const browser = testBrowser();

beforeAll(async () => {
  origin = await startSessionOrigin(await siteKeys());
  const wasm = await buildService({ name: 'sessions', policy: 'test/session-site/src/policy.ts' });
  edge = await startEdge({ originUrl: origin.url, wasm, backends: { idp: origin.url } });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});

async function logIn({ page }: Visitor, name: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: `Hello ${name}` }).waitFor();
}

/** Their page once more, as the edge has it: who it is for, and where it came from. */
async function view({ page }: Visitor) {
  const response = await page.goto('/me');
  return {
    status: response?.status(),
    cache: await response?.headerValue('x-cache'),
    text: (await page.locator('body').textContent()) ?? '',
  };
}

test('two people log in with session cookies, see their own page again from the cache, and log out', async () => {
  const people = await Promise.all(
    ['alice', 'bob'].map(async (name) => ({ name, visitor: await newVisitor(browser(), edge.url) })),
  );
  for (const { name, visitor } of people) await logIn(visitor, name);
  for (const { name, visitor } of people) {
    const seen = await view(visitor);
    expect(seen).toMatchObject({ status: 200, cache: 'HIT' });
    for (const { sub, canary } of origin.accounts.values()) {
      expect(seen.text.includes(canary), `${name} sees ${sub}`).toBe(sub === name);
    }
  }
  const [alice, bob] = people;
  if (alice === undefined || bob === undefined) throw new Error('two people');
  await alice.visitor.page.getByRole('button', { name: 'Log out' }).click();
  await alice.visitor.page.waitForURL('**/login');
  const after = await view(alice.visitor);
  expect(after.status).toBe(401);
  expect(after.text).not.toContain(origin.accounts.get('alice')?.canary);
  expect(await view(bob.visitor)).toMatchObject({ status: 200, cache: 'HIT' });
  // Bob on Alice's machine: nothing of her is left in that browser.
  await logIn(alice.visitor, 'bob');
  expect((await view(alice.visitor)).text).toContain(origin.accounts.get('bob')?.canary);
  await Promise.all(people.map(({ visitor }) => visitor.close()));
});
