import { secretKeySet } from '../../src/identity/encrypted/secret-key-set.ts';
import { candidateKeys, type KeySet, parseKeySet, rawKeySet } from '../../src/identity/key-set.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { LocalItem, LocalStores } from '../base/local-stores.ts';
import type { Report } from './finding.ts';
import type { ItemNeed, Needs } from './needs.ts';

/** Whether what the local stores hold is there, and can verify what the policy asks for. */
export function checkKeys({ providers }: Policy, needs: Needs, stores: LocalStores, report: Report): void {
  for (const need of needs.secrets) checkFile(need, stores.secrets.get(need.store)?.get(need.name), report);
  for (const need of needs.configs) checkFile(need, stores.configs.get(need.store)?.get(need.name), report);
  for (const provider of providers) {
    const held = heldBy(provider, stores);
    if (held === null || held === '') continue;
    checkSet(provider, setOf(provider, held), report);
  }
}

function checkFile({ where, name }: ItemNeed, item: LocalItem | undefined, report: Report): void {
  if (item === undefined || (item.value !== null && item.value.trim() !== '')) return;
  report(
    'warning',
    'MANIFEST_FILE',
    where,
    item.file === null
      ? `${name} is empty locally.`
      : `${item.file}, which holds ${name} locally, is not there or empty.`,
    'claimcache check --fix makes it, for this machine alone.',
  );
}

function heldBy({ keys }: Provider, stores: LocalStores): string | null {
  if (keys.kind === 'secretStore') return stores.secrets.get(keys.store)?.get(keys.item)?.value ?? null;
  if (keys.kind === 'configStore') return stores.configs.get(keys.store)?.get(keys.item)?.value ?? null;
  return null;
}

function setOf({ keys }: Provider, held: string): KeySet | null {
  const format = keys.kind === 'secretStore' ? keys.format : 'jwk';
  if (format === 'jwk') return parseKeySet(held, keys.kind === 'configStore');
  return format === 'raw' ? rawKeySet(held) : secretKeySet(held);
}

function checkSet({ name, algorithms }: Provider, set: KeySet | null, report: Report): void {
  const where = `providers.${name}.keys`;
  if (set === null || set.keys.length === 0) {
    const problems = set?.refused.map(({ problem }) => problem) ?? [];
    report(
      'error',
      'KEY_UNUSABLE',
      where,
      `No key of the local store can verify anything${problems.length === 0 ? '' : ` (${problems.join(', ')})`}: scoped routes answer 503.`,
      'claimcache keys check FILE tells more.',
    );
    return;
  }
  const missing = algorithms.filter((algorithm) => candidateKeys(set, algorithm, null).length === 0);
  if (missing.length === 0) return;
  report(
    missing.length === algorithms.length ? 'error' : 'warning',
    'KEY_ALGORITHM',
    where,
    `No key of the local store verifies ${missing.join(', ')}.`,
    'Add the key, or take the algorithm out of the provider.',
  );
}
