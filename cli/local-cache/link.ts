import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { adapterFor } from './adapter.ts';
import { keepBuilt } from './keep-built.ts';
import { readData, replaceData, withoutData } from './wasm-data.ts';
import { asksForHttpCache, raiseMemory, readMemory } from './wasm-module.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const MERGE = path.join(path.dirname(require.resolve('binaryen')), 'bin/wasm-merge');
/** Of what merges. */
const VERSION = `binaryen ${require('binaryen/package.json').version}`;

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
  const original = readFileSync(input);
  const memory = readMemory(original);
  if (memory === null) return 'not-a-module';
  if (!asksForHttpCache(original)) return 'no-http-cache';
  const adapter = await adapterFor(memory.minPages);
  if (adapter === null) return 'too-large';
  const service = raiseMemory(original, memory, adapter.pages);
  const folder = mkdtempSync(`${path.resolve(output)}.`);
  try {
    const file = path.join(folder, 'linked.wasm');
    writeFileSync(file, await linked(service, adapter.wasm, folder));
    renameSync(file, output);
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Services of one version of js-compute have the same code, and their own script as data: the code is merged once, and kept. To merge it
 * takes longer than to build the service.
 */
async function linked(service: Uint8Array, adapter: Uint8Array, folder: string): Promise<Uint8Array> {
  const [own, adapters] = [readData(service), readData(adapter)];
  if (own === null || adapters === null) return merge(service, adapter, folder);
  const code = withoutData(service);
  const merged = await keepBuilt([VERSION, code, adapter], () => merge(code, adapter, folder));
  return replaceData(merged, [own, adapters]);
}

async function merge(service: Uint8Array, adapter: Uint8Array, folder: string): Promise<Uint8Array> {
  const inFolder = (name: string) => path.join(folder, name);
  writeFileSync(inFolder('service.wasm'), service);
  writeFileSync(inFolder('adapter.wasm'), adapter);
  await run(process.execPath, [
    MERGE,
    ...[inFolder('service.wasm'), 'env'],
    ...[inFolder('adapter.wasm'), 'fastly_http_cache'],
    '--skip-export-conflicts',
    ...FEATURES,
    ...['-o', inFolder('merged.wasm')],
  ]);
  return readFileSync(inFolder('merged.wasm'));
}
