import type { ProviderInput } from '../../policy/providers/provider.ts';
import { hostOption, keysAt, listOption, type PresetOptions } from './options.ts';

export interface Auth0Options extends PresetOptions {
  /** The tenant's domain, or its custom domain: `acme.eu.auth0.com`. */
  readonly domain: string;
  /** The API's identifier, as in `aud` of its access tokens. */
  readonly audience: string | readonly string[];
}

/**
 * Access tokens of Auth0. The issuer ends with a slash. Backend: `auth0`.
 *
 * Source: Auth0 documentation, "Validate JSON Web Tokens" and "JSON Web Key Sets".
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { auth0: auth0({ domain: 'acme.eu.auth0.com', audience: 'https://api.acme.com' }) }
 */
export function auth0({ domain, audience, backend = 'auth0' }: Auth0Options): ProviderInput {
  const host = hostOption('auth0', 'domain', domain);
  return {
    algorithms: ['RS256'],
    keys: keysAt(`https://${host}/.well-known/jwks.json`, backend),
    issuer: `https://${host}/`,
    audience: listOption('auth0', 'audience', audience),
  };
}
