import type { ProviderInput } from '../../policy/providers/provider.ts';
import { hostOption, keysAt, listOption, type PresetOptions } from './options.ts';

export interface ClerkOptions extends PresetOptions {
  /** The host of the Frontend API: `clerk.acme.com`, or `name.clerk.accounts.dev` in development. */
  readonly frontendApi: string;
  /** Origins that may make session tokens, as in `azp`: `['https://www.acme.com']`. */
  readonly authorizedParties: string | readonly string[];
}

/**
 * Session tokens of Clerk, in `Authorization` or in the cookie `__session`. They have no `aud`: `azp` says which site made them. Backend: `clerk`.
 *
 * Source: Clerk documentation, "Manual JWT verification" and "Session tokens".
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { clerk: clerk({ frontendApi: 'clerk.acme.com', authorizedParties: ['https://www.acme.com'] }) }
 */
export function clerk({ frontendApi, authorizedParties, backend = 'clerk' }: ClerkOptions): ProviderInput {
  const host = hostOption('clerk', 'frontendApi', frontendApi);
  return {
    credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: '__session' }],
    algorithms: ['RS256'],
    keys: keysAt(`https://${host}/.well-known/jwks.json`, backend),
    issuer: `https://${host}`,
    requiredClaims: { azp: listOption('clerk', 'authorizedParties', authorizedParties) },
  };
}
