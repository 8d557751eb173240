import { cgiName } from './cgi-name.ts';

/**
 * Where origins look for a client's address. What a client sends there is its own word for who it is: it never reaches an
 * origin, whether the policy sends the true one or not.
 */
const ADDRESS_HEADERS: ReadonlySet<string> = new Set([
  'x-forwarded-for',
  'x-real-ip',
  'forwarded',
  'true-client-ip',
  'x-client-ip',
  'x-clientip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'client-ip',
  'clientip',
  'real-ip',
  'x-ip',
  'x-remote-ip',
  'x-remote-addr',
  'x-originating-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'proxy-client-ip',
  'wl-proxy-client-ip',
  'fly-client-ip',
  'incap-client-ip',
  'ali-cdn-real-ip',
  'cdn-src-ip',
  'x-sucuri-clientip',
  'x-wap-network-client-ip',
]);

/** By either spelling. `name`: in lower case. */
export function isAddressHeader(name: string): boolean {
  return ADDRESS_HEADERS.has(cgiName(name));
}
