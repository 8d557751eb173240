import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** In the node_modules that this package's dependencies are in. */
const FOLDER = path.join(
  path.dirname(createRequire(import.meta.url).resolve('binaryen')),
  '../.cache/claimcache',
);

/** What `build` makes of its inputs; made once, and kept as a file. */
export async function keepBuilt(
  inputs: readonly (string | Uint8Array)[],
  build: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${input.length}:`).update(input);
  const file = path.join(FOLDER, `${hash.digest('hex')}.wasm`);
  try {
    return readFileSync(file);
  } catch {
    const built = await build();
    keep(file, built);
    return built;
  }
}

/** Where nothing may be written, it is made each time. */
function keep(file: string, built: Uint8Array): void {
  const part = `${file}.${process.pid}`;
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(part, built);
    renameSync(part, file);
  } catch {
    rmSync(part, { force: true });
  }
}
