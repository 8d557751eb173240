import { cgiName } from './cgi-name.ts';

/**
 * Where origins look for a client's address. What a client sends there is its own word for who it is: it never reaches an
 * origin, whether the policy sends the true one or not.
 */
const ADDRESS_HEADERS: ReadonlySet<string> = new Set([
  'forwarded',
  'x-ip',
  'x-remote-ip',
  'x-originating-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'cdn-src-ip',
  'x-azure-socketip',
]);
/** `X-Forwarded-For`, `X-Real-IP`, `True-Client-IP`, and what other proxies call the same. */
const ENDING = /(?:forwarded-for|real-?ip|client-?ip|user-?ip|remote-addr)$/;

/** By either spelling. `name`: in lower case. */
export function isAddressHeader(name: string): boolean {
  const read = cgiName(name);
  return ADDRESS_HEADERS.has(read) || ENDING.test(read);
}
