import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { adapterFor } from './adapter.ts';
import { asksForHttpCache, raiseMemory, readMemory } from './wasm-module.ts';

const run = promisify(execFile);
const MERGE = path.join(path.dirname(createRequire(import.meta.url).resolve('binaryen')), 'bin/wasm-merge');

/** What the wasm of js-compute makes use of, and what wasm-merge must take. Nothing is optimised: that would take minutes. */
const FEATURES = [
  'bulk-memory',
  'sign-ext',
  'mutable-globals',
  'nontrapping-float-to-int',
  'simd',
  'reference-types',
  'multivalue',
].map((name) => `--enable-${name}`);

export type LinkFailure = 'not-a-module' | 'no-http-cache' | 'too-large';

/** Writes the service with the local readthrough cache in it; null, or why that cannot be. */
export async function linkLocalCache(input: string, output: string): Promise<LinkFailure | null> {
  const service = readFileSync(input);
  const memory = readMemory(service);
  if (memory === null) return 'not-a-module';
  if (!asksForHttpCache(service)) return 'no-http-cache';
  const adapter = await adapterFor(memory.minPages);
  if (adapter === null) return 'too-large';
  const folder = mkdtempSync(`${path.resolve(output)}.`);
  const inFolder = (name: string) => path.join(folder, name);
  try {
    writeFileSync(inFolder('service.wasm'), raiseMemory(service, memory, adapter.pages));
    writeFileSync(inFolder('adapter.wasm'), adapter.wasm);
    await run(process.execPath, [
      MERGE,
      ...[inFolder('service.wasm'), 'env'],
      ...[inFolder('adapter.wasm'), 'fastly_http_cache'],
      '--skip-export-conflicts',
      ...FEATURES,
      ...['-o', inFolder('merged.wasm')],
    ]);
    renameSync(inFolder('merged.wasm'), output);
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
