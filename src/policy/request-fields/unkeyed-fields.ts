import { unkeyedVary } from '../../http/unkeyed-vary.ts';
import { isAddressHeader } from './client-address-names.ts';

/** What the edge itself tells an origin of the URL that a visitor asked for. Host and scheme are part of every key. In lower case. */
export const URL_FIELDS: ReadonlySet<string> = new Set([
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'forwarded',
]);

/**
 * {@link unkeyedVary} without the fields of an address, which no origin gets from a client, on a pass neither; and without those that
 * are made of what is part of the key.
 */
export function unkeyedFields(vary: string | null, known: readonly string[]): readonly string[] {
  return unkeyedVary(vary, known).filter((name) => !isAddressHeader(name) && !URL_FIELDS.has(name));
}
