import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { packagedChromium } from './packaged-chromium.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** A loaded machine takes its time. */
const TIMEOUT_MS = 90_000;
const OPTIONS: LaunchOptions = {
  // No test ever asks another machine, whatever a page does.
  args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--disable-gpu'],
  // As people's browsers do, and Playwright's does not: pages are kept for the back button, where the browser can.
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
  timeout: TIMEOUT_MS,
};

/**
 * Chromium: the one that CHROMIUM names; or the one of the package `@sparticuz/chromium`, which runs on a machine without any; or one on the
 * PATH; or an installed Chrome.
 */
export async function launchBrowser(): Promise<Browser> {
  const failures: unknown[] = [];
  for (const find of process.env.CHROMIUM ? [named] : [packaged, onPath, installed]) {
    try {
      const found = await find();
      if (found !== null) return await launch(found);
    } catch (error) {
      failures.push(error);
    }
  }
  const reasons = failures.map((error) => `\n- ${error instanceof Error ? error.message : error}`).join('');
  throw new AggregateError(
    failures,
    `No Chromium could be started. CHROMIUM=/path/to/chromium names one.${reasons}`,
  );
}

/**
 * Chromium's sandbox needs a user who is not root and a kernel that lets them make namespaces, which containers and some distributions do
 * not. It shows our own pages alone, so it may do without.
 */
async function launch(found: LaunchOptions): Promise<Browser> {
  const options = { ...OPTIONS, ...found };
  if (process.getuid?.() !== 0) {
    try {
      return await chromium.launch({ ...options, chromiumSandbox: true });
    } catch {
      // The second attempt tells why, if that was not the reason.
    }
  }
  return chromium.launch({ ...options, chromiumSandbox: false });
}

async function named(): Promise<LaunchOptions | null> {
  return process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : null;
}

async function packaged(): Promise<LaunchOptions | null> {
  const found = await packagedChromium();
  return found && { executablePath: found.executablePath, env: { ...process.env, ...found.env } };
}

async function onPath(): Promise<LaunchOptions | null> {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const files = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const file = files.find((candidate) => existsSync(candidate));
  return file === undefined ? null : { executablePath: file };
}

/** Where Chrome's installer puts it, on macOS and Windows too. */
async function installed(): Promise<LaunchOptions> {
  return { channel: 'chrome' };
}
