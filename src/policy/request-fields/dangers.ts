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

/** What may happen where a policy lets such a field in. */
export const DANGERS: Readonly<Record<Danger, string>> = {
  target: 'an origin that honours it serves another path than the one that was judged, without its checks',
  host: 'an origin that honours it makes links and redirects to any host, scheme or port that a client names',
  method: 'an origin that honours it writes where the edge has seen another method: nothing is purged then',
  file: 'a server that honours it sends files, or keeps answers, as a client tells it',
  proxy: 'an origin in the manner of CGI sends its own requests through the proxy that a client names',
  address: 'an origin that honours it believes any address that a client names',
  identity: 'an origin that honours it believes any name of a user that a client sends',
};
