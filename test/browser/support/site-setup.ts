import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { WEB_FOLDER } from '../../../demo/origin/web-folder.ts';
import { buildWeb } from './build-web.ts';
import ensureMainWasm from './ensure-main-wasm.ts';
import type { SiteFacts } from './site.ts';
import { startSite } from './start-site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly site: SiteFacts;
  }
}

/** One demo for all files: a local server takes seconds to start. Its pages are a copy, which a test may change. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureMainWasm();
  buildWeb();
  const webFolder = mkdtempSync(path.join(tmpdir(), 'claimcache-web-'));
  cpSync(WEB_FOLDER, webFolder, { recursive: true });
  const { facts, stop } = await startSite(webFolder);
  project.provide('site', facts);
  return async () => {
    await stop();
    rmSync(webFolder, { recursive: true, force: true });
  };
}
