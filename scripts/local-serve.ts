import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { localManifest } from './local-manifest.ts';
import { localWasm } from './local-wasm.ts';
import { isMain, root } from './root.ts';

/**
 * The build of `fastly compute serve --env local`, which runs `bin/main.wasm` and nothing else: the local readthrough cache is in that file then. The
 * package that the command makes of it has a name of its own, and the wasm refuses to start on Fastly. Each other build makes the file anew.
 */
if (isMain(import.meta.url)) {
  const main = path.join(root, 'bin/main.wasm');
  copyFileSync(await localWasm(main), main);
  writeFileSync(path.join(root, 'fastly.local.toml'), localManifest());
}
