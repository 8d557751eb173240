/**
 * Where origins look for a client's address. What a client sends there is its own word for who it is: it never reaches an
 * origin, whether the policy sends the true one or not.
 */
export const ADDRESS_HEADERS = [
  'x-forwarded-for',
  'x-real-ip',
  'forwarded',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
  'client-ip',
] as const;

/** The client's address in the headers of the policy: one address, never a list that a client began. */
export function addressHeaders(
  names: readonly string[],
  address: string | null,
): readonly (readonly [string, string])[] {
  if (address === null) return [];
  return names.map((name) => [name, name === 'forwarded' ? forwarded(address) : address]);
}

/** RFC 7239 section 6: an IPv6 address stands in brackets and quotes. */
function forwarded(address: string): string {
  return address.includes(':') ? `for="[${address}]"` : `for=${address}`;
}
