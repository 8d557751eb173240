import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Policy } from '../../src/policy/policy.ts';
import { privateKeyFileOf } from '../base/secrets-folder.ts';
import { publicHalf } from '../manifest/local-keys.ts';
import type { GivenKeys } from './given-keys.ts';

/**
 * For providers whose keys are at a URL, the keys of this machine, which sign what `claimcache token` mints: `claimcache dev` shows the service the
 * same. Where `given` has keys of a provider, these alone count.
 */
export function localKeys({ providers }: Policy, given: GivenKeys, secretsFolder: string): GivenKeys {
  const found = new Map<string, string>();
  for (const { name, keys } of providers) {
    if (keys.kind !== 'remote' || given.has(name)) continue;
    try {
      const text = readFileSync(path.join(secretsFolder, privateKeyFileOf(name)), 'utf8');
      found.set(name, JSON.stringify({ keys: [publicHalf(JSON.parse(text))] }));
    } catch {
      // There is none: the caller says how to give one.
    }
  }
  return found;
}
