import { unkeyedVary } from '../../http/unkeyed-vary.ts';
import { isAddressHeader } from './client-address-names.ts';

/** {@link unkeyedVary} without the fields of an address: no origin gets a client's, on a pass neither. */
export function unkeyedFields(vary: string | null, known: readonly string[]): readonly string[] {
  return unkeyedVary(vary, known).filter((name) => !isAddressHeader(name));
}
