import type { Report } from '../policy-error.ts';
import { headerName, list, object } from '../settings.ts';
import { NEVER_OVERWRITTEN } from './never-overwritten.ts';
import { URL_FIELDS } from './unkeyed-fields.ts';

/** How an origin learns a client's address. Inbound headers of these names are removed on every lane. */
export interface ClientAddressInput {
  /**
   * Set on the pass lane to the one address that the edge saw: `['x-forwarded-for', 'x-real-ip']`. `forwarded` is written as
   * RFC 7239 asks. A cacheable lane sends none: the address is not part of the key.
   */
  readonly headers: readonly string[];
}

export const clientAddress = object({
  headers: list(headerName, '["x-forwarded-for"]', { atLeast: 1 }),
});

/**
 * The address is the edge's to set, and no part of any key.
 *
 * @param named - Fields that mean something else already, and where.
 */
export function clientAddressProblems(
  input: ClientAddressInput | undefined,
  named: readonly { readonly name: string; readonly at: string }[],
  report: Report,
): void {
  const taken = new Map([...NEVER_OVERWRITTEN].map((name) => [name, 'HTTP itself']));
  for (const name of URL_FIELDS) taken.set(name, 'the URL that was asked for');
  // There the address is one parameter beside the others.
  taken.delete('forwarded');
  for (const { name, at } of named) taken.set(name, at);
  input?.headers.forEach((header, i) => {
    const by = taken.get(header.toLowerCase());
    if (by === undefined) return;
    const fix = `This header has another meaning already (${by}): choose one such as x-forwarded-for.`;
    report('POLICY_CONFLICT', `clientAddress.headers.${i}`, header, fix);
  });
}

export function compileClientAddress(input: ClientAddressInput | undefined): readonly string[] {
  return (input?.headers ?? []).map((header) => header.toLowerCase());
}
