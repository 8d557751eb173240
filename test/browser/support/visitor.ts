import type { Browser, BrowserContext, BrowserContextOptions, Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import { watchLayout } from './page-quality.ts';

/** Two cores, shared with the service, its origin, the browser and whatever else the machine does. */
const TIMEOUT_MS = 60_000;

/** Somebody with a browser of their own: cookies, caches and storage are theirs alone. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the network answered, in order: not what a cache of the browser did. */
  readonly responses: Response[];
  /** Everything that must not be: errors in the console, exceptions, requests to anybody else. */
  readonly faults: string[];
  open(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function newVisitor(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ baseURL, locale: 'en-GB', ...options });
  context.setDefaultTimeout(TIMEOUT_MS);
  await watchLayout(context);
  const page = await context.newPage();
  const responses: Response[] = [];
  const faults: string[] = [];
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== baseURL) faults.push(`asked ${request.url()}`);
  });
  page.on('response', (response) => responses.push(response));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return {
    page,
    context,
    responses,
    faults,
    async open(path) {
      await page.goto(path);
    },
    close: () => context.close(),
  };
}

export async function signIn({ page }: Visitor, name: string): Promise<void> {
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await page.getByRole('heading', { name: `Hello ${name}` }).waitFor();
  await settled(page);
}

export const CARDS = ['dashboard', 'orders', 'profile', 'payment', 'team'] as const;
export type CardName = (typeof CARDS)[number];

/** HIT, MISS, … of each card, once all of them have one. */
export async function statesOf(page: Page): Promise<Record<CardName, string>> {
  await settled(page);
  const states = await Promise.all(
    CARDS.map(async (name) => [
      name,
      (await page.locator(`[data-card=${name}] .provenance`).getAttribute('data-state')) ?? '',
    ]),
  );
  return Object.fromEntries(states);
}

/** Every card has its answer, and no other one is on its way. */
export async function settled(page: Page): Promise<void> {
  const answered = page.locator('[data-card][aria-busy=false] .provenance[data-state]');
  await answered.nth(CARDS.length - 1).waitFor();
}

/** Presses a button and waits for what the page says about it. */
export async function press({ page }: Visitor, name: string, said: RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('output', { hasText: said }).waitFor();
}

/** `X-Cache` of the last network response for a path. */
export function lastCacheOf(visitor: Visitor, path: string): string | undefined {
  const last = visitor.responses.findLast((response) => new URL(response.url()).pathname === path);
  return last?.headers()['x-cache'];
}

export function expectNoFaults(...visitors: readonly Visitor[]): void {
  expect(visitors.flatMap(({ faults }) => faults)).toEqual([]);
}

/** The back button. Not Playwright's own: that waits for a page to load, which one from the bfcache never does. */
export async function goBack({ page }: Visitor): Promise<void> {
  await page.evaluate(() => {
    setTimeout(() => history.back());
  });
}
