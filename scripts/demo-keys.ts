import path from 'node:path';
import { PEOPLE } from '../demo/origin/people.ts';
import { type LocalKeys, localKeys } from './local-keys.ts';
import { isMain, root } from './root.ts';

/** Keys of the demo, made once for this clone into `.demo/`, which git ignores. They protect nothing. */
export function demoKeys(): Promise<LocalKeys> {
  return localKeys(path.join(root, '.demo'), PEOPLE);
}

if (isMain(import.meta.url)) await demoKeys();
