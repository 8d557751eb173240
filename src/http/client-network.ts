/**
 * What a client is counted by: its address, of IPv6 the /64, which one client has all of and could count itself through.
 * The platform's addresses are canonical; what cannot be read is counted as it stands.
 */
export function clientNetwork(address: string): string {
  if (!address.includes(':')) return address;
  // An IPv4 address in IPv6 clothes is that address.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${all
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
