import { secretKeySet } from '../../src/identity/encrypted/secret-key-set.ts';
import { candidateKeys, type KeySet, parseKeySet, rawKeySet } from '../../src/identity/key-set.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { LocalItem, LocalStores } from '../base/local-stores.ts';
import { sharedSecretOf, writingSecret } from '../manifest/shared-secret.ts';
import type { Report } from './finding.ts';
import type { ItemNeed, Needs } from './needs.ts';

/** Whether what the local stores hold is there, and can verify what the policy asks for. */
export function checkKeys({ providers }: Policy, needs: Needs, stores: LocalStores, report: Report): void {
  for (const need of needs.secrets) checkFile(need, stores.secrets.get(need.store)?.get(need.name), report);
  for (const need of needs.configs) checkFile(need, stores.configs.get(need.store)?.get(need.name), report);
  for (const provider of providers) {
    const held = heldBy(provider, stores);
    if (held === null) continue;
    checkSet(provider, keySetOfSecret(provider, held.value), hintOf(provider, held), report);
    checkWhiteSpace(provider, held, report);
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

/** An editor and `echo` end a file with a line break. It is hardly ever meant, and then no token of the application verifies. */
function checkWhiteSpace(provider: Provider, { value, ownFile }: Held, report: Report): void {
  const shared = sharedSecretOf(provider);
  if (shared === null || isSameKey(provider, value, value.trim())) return;
  const what = /[\r\n]$/.test(value) ? 'ends in a line break' : 'begins or ends with white space';
  report(
    'warning',
    'SECRET_WHITE_SPACE',
    `providers.${provider.name}.keys`,
    `${ownFile ?? `The item ${shared.item} of the local store ${shared.store}`} ${what}, which is part of the secret: tokens that are made without it do not verify.`,
    ownFile === null ? 'Take it out.' : `Write it without: ${writingSecret(shared, ownFile)}`,
  );
}

function isSameKey(provider: Provider, one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => JSON.stringify(keySetOfSecret(provider, text)));
  return first === second;
}

interface Held {
  readonly value: string;
  /** A file that has this item alone; null: it stands among others, or in the manifest. */
  readonly ownFile: string | null;
}

function heldBy({ keys }: Provider, stores: LocalStores): Held | null {
  if (keys.kind !== 'secretStore' && keys.kind !== 'configStore') return null;
  const store = (keys.kind === 'secretStore' ? stores.secrets : stores.configs).get(keys.store);
  const item = store?.get(keys.item);
  if (!item?.value) return null;
  const { value, file } = item;
  const isShared =
    file !== null && [...(store?.values() ?? [])].some((other) => other !== item && other.file === file);
  return { value, ownFile: isShared || file?.endsWith('.json') ? null : file };
}

/** What to do about keys that verify nothing: by the form in which they have to stand there. */
function hintOf({ keys, algorithms }: Provider, { ownFile }: Held): string {
  const place = ownFile ?? 'the item';
  if (keys.kind === 'secretStore' && keys.format === 'raw')
    return `A raw secret needs as many bytes as its hash has (32 for HS256, 48 for HS384, 64 for HS512: RFC 7518 section 3.2) for ${algorithms.join(', ')}: write a longer one into ${place}. \`claimcache check --fix\` makes one where the file is not there.`;
  if (ownFile !== null && ownFile !== undefined)
    return `\`claimcache keys check ${ownFile}\` says what each key lacks.`;
  return 'The item has to be a JWKS, {"keys":[…]}, as one text: `claimcache keys import public.pem` makes one of a PEM file.';
}

/** Of what a store holds: null where that is no key set. */
export function keySetOfSecret({ keys }: Provider, held: string): KeySet | null {
  const format = keys.kind === 'secretStore' ? keys.format : 'jwk';
  if (format === 'jwk') return parseKeySet(held, keys.kind === 'configStore');
  return format === 'raw' ? rawKeySet(held) : secretKeySet(held);
}

function checkSet({ name, algorithms }: Provider, set: KeySet | null, hint: string, report: Report): void {
  const where = `providers.${name}.keys`;
  if (set === null || set.keys.length === 0) {
    const problems = set?.refused.map(({ problem }) => problem) ?? [];
    report(
      'error',
      'KEY_UNUSABLE',
      where,
      `No key of the local store can verify anything${problems.length === 0 ? '' : ` (${problems.join(', ')})`}: scoped routes answer 503.`,
      hint,
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
