import path from 'node:path';
import { type LocalKeys, localKeys } from '../../scripts/local-keys.ts';
import { PEOPLE } from './people.ts';

/** The folder of the service that the tests are built from: its `fastly.toml`, its policy and its keys. */
export const SITE = import.meta.dirname;

/** Keys of the test site, made once for this clone into `test/site/.keys/`, which git ignores. They protect nothing. */
export function siteKeys(): Promise<LocalKeys> {
  return localKeys(path.join(SITE, '.keys'), PEOPLE);
}
