import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The adapter's sources, and what is compiled of them. */
const FOLDER = fileURLToPath(new URL('../../local-cache/', import.meta.url));
const BUILT = path.join(FOLDER, 'build');

const PAGES_PER_MIB = 16;
/** The adapter's data has a fixed address, above the service's memory: there is one adapter for each of these, in MiB. */
const BASES_MIB = [16, 32, 64, 128];

/** Of data and buffers: local-cache/memory.ts. */
const ADAPTER_PAGES = 16;

export interface Adapter {
  readonly wasm: Uint8Array;
  /** What the service's memory needs to begin with, so that the adapter's is in it. */
  readonly pages: number;
}

/** The adapter for a service whose memory begins with so many pages; null where there is none so large. */
export async function adapterFor(servicePages: number): Promise<Adapter | null> {
  const mib = BASES_MIB.find((base) => base * PAGES_PER_MIB >= servicePages);
  if (mib === undefined) return null;
  const pages = mib * PAGES_PER_MIB + ADAPTER_PAGES;
  const file = path.join(BUILT, `adapter-${mib}.wasm`);
  if (!isBuilt(file)) await buildAdapter(mib, pages, file);
  return { wasm: readFileSync(file), pages };
}

/** Compiles what is missing, for a package: who installs it needs no compiler. */
export async function buildAdapters(): Promise<void> {
  for (const mib of BASES_MIB) await adapterFor(mib * PAGES_PER_MIB);
}

/** Changes with the adapter's sources. */
export function adaptersDigest(): string {
  const hash = createHash('sha256');
  for (const name of sourceFiles()) hash.update(`${name}\0`).update(readFileSync(path.join(FOLDER, name)));
  return hash.digest('hex');
}

/** In a package the sources do not change; here they do. */
function isBuilt(file: string): boolean {
  const stamp = `${file}.sha256`;
  return existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === adaptersDigest();
}

async function buildAdapter(mib: number, pages: number, file: string): Promise<void> {
  mkdirSync(BUILT, { recursive: true });
  // Another process may be compiling it too.
  const part = file.replace(/\.wasm$/, `.${process.pid}.wasm`);
  await run(
    process.execPath,
    [
      createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js'),
      'adapter.ts',
      ...['--outFile', path.relative(FOLDER, part)],
      ...['--runtime', 'stub', '--use', 'abort=', '--enable', 'bulk-memory', '-O3'],
      ...['--importMemory', '--initialMemory', String(pages), '--memoryBase', String(mib * 2 ** 20)],
    ],
    { cwd: FOLDER },
  );
  renameSync(part, file);
  writeFileSync(`${file}.sha256`, adaptersDigest());
}

function sourceFiles(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('build'))
    .sort();
}
