import type { NamedFields } from '../../http/fields.ts';

const MAX_KEY_BYTES = 1024;
const MAX_FIELD_BYTES = 16_384;
/** Within a field, and where several of one name were joined. */
const BLANKS = /,?\s+/;

/**
 * The origin's own surrogate keys, in the order given, without what the platform would refuse: of `Surrogate-Key` (Fastly) and `xkey` (Varnish),
 * separated by blanks, and of `Cache-Tag` (Cloudflare, Drupal), separated by commas. A tag with a blank in it can be no key.
 */
export function originSurrogateKeys(headers: Pick<NamedFields, 'get'>): readonly string[] {
  const keys = new Set<string>();
  addKeys(keys, headers.get('surrogate-key'), BLANKS);
  addKeys(keys, headers.get('xkey'), BLANKS);
  addKeys(keys, headers.get('cache-tag'), ',');
  return keys.size === 0 ? NONE : [...keys];
}

const NONE: readonly string[] = [];

function addKeys(keys: Set<string>, field: string | null, separator: string | RegExp): void {
  if (field === null) return;
  const read = field.slice(0, MAX_FIELD_BYTES + 1).split(separator);
  // What was cut off is another key.
  if (field.length > MAX_FIELD_BYTES) read.pop();
  for (const part of read) {
    const key = part.trim();
    if (key.length <= MAX_KEY_BYTES && /^[\u0021-\u007e]+$/.test(key)) keys.add(key);
  }
}
