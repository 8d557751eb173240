import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { WEB_FOLDER } from '../../demo/origin/web-folder.ts';
import { testBrowser } from './support/browser.ts';
import { purge, resetSite, site } from './support/site.ts';
import { newVisitor, settled, signIn, type Visitor } from './support/visitor.ts';

/** The service worker of a careless older version: whatever was answered once is the answer for ever, whoever asks. */
const CARELESS = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(caches.open('old').then(async (cache) => {
    const copy = await cache.match(event.request, { ignoreVary: true });
    if (copy) return copy;
    const response = await fetch(event.request);
    await cache.put(event.request, response.clone());
    return response;
  }));
});`;

const browser = testBrowser();
beforeEach(resetSite);

/** Publishes another /app/sw.js. */
async function deployWorker(source: string): Promise<void> {
  writeFileSync(path.join(site.webFolder, 'sw.js'), source);
  await purge(['web']);
}

/** Alice was here, with the careless worker of the old version before everything, and it has kept her pages. */
async function haunted(): Promise<Visitor> {
  await deployWorker(CARELESS);
  const visitor = await newVisitor(browser(), site.url);
  await visitor.open('/app/');
  await signIn(visitor, 'alice');
  await visitor.page.evaluate(async () => {
    await navigator.serviceWorker.register('/app/sw.js');
    await new Promise<void>((resolve) => {
      if (navigator.serviceWorker.controller) resolve();
      navigator.serviceWorker.addEventListener('controllerchange', () => resolve());
    });
    for (const page of ['dashboard', 'orders', 'profile', 'payment-methods', 'team/report']) {
      await fetch(`/api/${page}`);
    }
  });
  expect(await keptBy(visitor.page)).toContain('/api/orders');
  await deployWorker(await readFile(path.join(WEB_FOLDER, 'sw.js'), 'utf8'));
  return visitor;
}

const keptBy = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });

const registrations = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

describe('a client with a stale service worker', () => {
  test('shows the next user nothing of what it kept', async () => {
    const visitor = await haunted();
    await visitor.page.request.post('/api/session', { data: { user: 'bob' } });
    await visitor.page.reload();
    await visitor.page.getByRole('heading', { name: 'Hello bob' }).waitFor();
    await settled(visitor.page);
    expect(await visitor.page.content()).not.toContain('Hello alice');
    await expect.poll(() => registrations(visitor.page)).toBe(0);
    expect(await keptBy(visitor.page)).toEqual([]);
    await visitor.close();
  });

  test('loses it, and all that it kept, when its user signs out', async () => {
    const visitor = await haunted();
    await visitor.page.getByRole('button', { name: 'Sign out' }).click();
    await visitor.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expect.poll(() => keptBy(visitor.page)).toEqual([]);
    await expect.poll(() => registrations(visitor.page)).toBe(0);
    await visitor.close();
  });

  test('gets its successor from the address of the old one, which takes it away', async () => {
    const visitor = await haunted();
    // Not through this version of the page, which would have taken it away itself.
    await visitor.open('/pages/welcome');
    const other = await visitor.context.newPage();
    await other.goto('/app/icon.svg');
    await expect.poll(() => keptBy(other)).toEqual([]);
    await visitor.close();
  });
});
