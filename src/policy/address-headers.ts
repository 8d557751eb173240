import { cgiName } from './cgi-name.ts';

/**
 * Where origins look for a client's address. What a client sends there is its own word for who it is: it never reaches an
 * origin, whether the policy sends the true one or not.
 */
export const ADDRESS_HEADERS: ReadonlySet<string> = new Set([
  'x-forwarded-for',
  'x-real-ip',
  'forwarded',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
  'client-ip',
]);

/** By either spelling. `name`: in lower case. */
export function isAddressHeader(name: string): boolean {
  return ADDRESS_HEADERS.has(cgiName(name));
}
