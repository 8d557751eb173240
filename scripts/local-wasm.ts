import path from 'node:path';
import { linkWhenChanged } from '../cli/local-cache/cached-link.ts';
import { isMain, root } from './root.ts';

/** A service with the local readthrough cache in it, beside the one it is made of: `bin/main.wasm` -> `bin/main.local.wasm`. */
export async function localWasm(wasm: string): Promise<string> {
  const output = wasm.replace(/\.wasm$/, '.local.wasm');
  const failure = await linkWhenChanged(wasm, output);
  if (failure !== null)
    throw new Error(`The local readthrough cache cannot be added to ${wasm}: ${failure}.`);
  return output;
}

if (isMain(import.meta.url)) await localWasm(path.join(root, 'bin/main.wasm'));
