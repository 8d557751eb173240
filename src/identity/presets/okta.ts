import type { ProviderInput } from '../../policy/providers/provider.ts';
import { hostOption, keysAt, listOption, nameOption, type PresetOptions } from './options.ts';

export interface OktaOptions extends PresetOptions {
  /** `acme.okta.com`, or the custom domain. */
  readonly domain: string;
  /** The audience of the authorization server, as in `aud`: `api://default`. */
  readonly audience: string | readonly string[];
  /** The id of a custom authorization server. Default `default`. */
  readonly authorizationServer?: string;
}

/**
 * Access tokens of a custom authorization server of Okta. Those of the organisation's own server are for Okta alone, and nobody else can verify them.
 * `sub` is the login, `uid` the user's id. Backend: `okta`.
 *
 * Source: Okta documentation, "Validate access tokens" and "Authorization servers".
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { okta: okta({ domain: 'acme.okta.com', audience: 'api://default' }) }
 */
export function okta({
  domain,
  audience,
  authorizationServer = 'default',
  backend = 'okta',
}: OktaOptions): ProviderInput {
  const host = hostOption('okta', 'domain', domain);
  const issuer = `https://${host}/oauth2/${nameOption('okta', 'authorizationServer', authorizationServer)}`;
  return {
    algorithms: ['RS256'],
    keys: keysAt(`${issuer}/v1/keys`, backend),
    issuer,
    audience: listOption('okta', 'audience', audience),
  };
}
