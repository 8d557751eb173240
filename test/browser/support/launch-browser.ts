import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** No test ever asks another machine, whatever a page does. */
const ARGUMENTS = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--disable-gpu'];

/**
 * Chromium: the one that the package `@sparticuz/chromium` carries, which runs on a machine without any, or one on the PATH. CHROMIUM names
 * another. Unlike Playwright by itself it keeps pages for the back button (bfcache), as people's browsers do.
 */
export async function launchBrowser(): Promise<Browser> {
  const failures: unknown[] = [];
  for (const find of [named, carried, onPath]) {
    const executablePath = await find();
    if (executablePath === null) continue;
    try {
      return await chromium.launch({
        executablePath,
        args: ARGUMENTS,
        chromiumSandbox: process.getuid?.() !== 0,
        ignoreDefaultArgs: ['--disable-back-forward-cache'],
      });
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, 'No Chromium could be started. CHROMIUM=/path/to/chromium names one.');
}

async function named(): Promise<string | null> {
  return process.env.CHROMIUM || null;
}

/** For Linux on x64. Its own system libraries are unpacked too, as for a function at AWS: a bare machine has none of them. */
async function carried(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

async function onPath(): Promise<string | null> {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return (
    folders
      .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
      .find((file) => existsSync(file)) ?? null
  );
}
