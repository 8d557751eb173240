import { cgiName } from './cgi-name.ts';

/**
 * Where origins look for a client's address: `X-Forwarded-For`, `X-Real-IP`, `True-Client-IP`, and what other proxies call the same. What a
 * client sends there is its own word for who it is: it never reaches an origin, whether the policy sends the true one or not.
 */
const ADDRESS_HEADER =
  /^(?:forwarded|x-ip|x-remote-ip|x-originating-ip|cf-connecting-ip(?:v6)?|cf-pseudo-ipv4|cdn-src-ip|x-azure-socketip)$|(?:forwarded-for|real-?ip|client-?ip|user-?ip|remote-addr)$/;

/** By either spelling. `name`: in lower case. */
export function isAddressHeader(name: string): boolean {
  return ADDRESS_HEADER.test(cgiName(name));
}
