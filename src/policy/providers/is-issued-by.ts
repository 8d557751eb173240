import { own } from '../claims/own.ts';
import type { Provider } from './provider.ts';

/** What may stand in a template: nothing that ends a part of a URL. */
const TEMPLATE_VALUE = /^[A-Za-z0-9._~-]{1,128}$/;

/** Whether `iss` is one of the provider's: exactly, or its template with the token's own claim in it. */
export function isIssuedBy(
  claims: Readonly<Record<string, unknown>>,
  { issuers }: Pick<Provider, 'issuers'>,
): boolean {
  const iss = own(claims, 'iss');
  for (let i = 0; i < issuers.length; i++) {
    const issuer = issuers[i] as Provider['issuers'][number];
    if (typeof issuer === 'string') {
      if (iss === issuer) return true;
      continue;
    }
    const value = own(claims, issuer.claim);
    if (typeof value !== 'string' || !TEMPLATE_VALUE.test(value)) continue;
    if (iss === issuer.before + value + issuer.after) return true;
  }
  return false;
}
