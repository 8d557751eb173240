import { isAddressHeader } from './client-address-names.ts';
import { DANGEROUS_FIELDS, type Danger } from './dangerous-fields.ts';

/** What an origin takes from a dangerous field, in lower case; null: it is none. */
export function dangerOf(name: string): Danger | null {
  if (isAddressHeader(name)) return 'address';
  const kinds = Object.entries(DANGEROUS_FIELDS) as [Danger, string][];
  return kinds.find(([, names]) => names.split(/\s+/).some((one) => isNamedBy(one, name)))?.[0] ?? null;
}

function isNamedBy(listed: string, name: string): boolean {
  return /[-*]$/.test(listed) ? name.startsWith(listed.replace('*', '')) : name === listed;
}
