import { cgiName } from './cgi-name.ts';

/**
 * Where origins look for a client's address: `X-Forwarded-For`, `X-Real-IP`, `True-Client-IP`, and what other proxies call the same. What a
 * client sends there is its own word for who it is: it never reaches an origin, whether the policy sends the true one or not.
 */
export const ADDRESS_NAMES =
  'forwarded x-ip x-remote-ip x-originating-ip cf-connecting-ip cf-connecting-ipv6 cf-pseudo-ipv4 cdn-src-ip x-azure-socketip'.split(
    ' ',
  );
/** How other names of such fields end. */
export const ADDRESS_ENDINGS =
  'forwarded-for real-ip realip client-ip clientip user-ip userip remote-addr'.split(' ');

const ADDRESS_HEADER = new RegExp(`^(?:${ADDRESS_NAMES.join('|')})$|(?:${ADDRESS_ENDINGS.join('|')})$`);

/** By either spelling. `name`: in lower case. */
export function isAddressHeader(name: string): boolean {
  return ADDRESS_HEADER.test(cgiName(name));
}
