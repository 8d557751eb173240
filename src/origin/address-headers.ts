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
