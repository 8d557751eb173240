import type { ProviderInput } from '../../policy/providers/provider.ts';
import { invalid, keysAt, listOption, nameOption, type PresetOptions } from './options.ts';

export interface KeycloakOptions extends PresetOptions {
  /** Where Keycloak is, with its path before `/realms` if it has one: `https://login.acme.com`. */
  readonly url: string;
  readonly realm: string;
  /** Required `aud`. Give this, or `clientId`, or both. */
  readonly audience?: string | readonly string[];
  /** Clients whose tokens count, as in `azp`. */
  readonly clientId?: string | readonly string[];
}

/**
 * Access tokens of a Keycloak realm. Without an audience mapper `aud` is `account` for every client, so `azp` tells them apart. Backend: `keycloak`.
 *
 * Source: Keycloak documentation, "Securing applications and services with OpenID Connect", endpoints and audience support.
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { keycloak: keycloak({ url: 'https://login.acme.com', realm: 'acme', clientId: 'web' }) }
 */
export function keycloak({
  url,
  realm,
  audience,
  clientId,
  backend = 'keycloak',
}: KeycloakOptions): ProviderInput {
  const issuer = `${baseOf(url)}/realms/${nameOption('keycloak', 'realm', realm)}`;
  const audiences = audience === undefined ? undefined : listOption('keycloak', 'audience', audience);
  const clients =
    clientId === undefined && audiences !== undefined
      ? undefined
      : listOption('keycloak', 'clientId', clientId);
  return {
    algorithms: ['RS256'],
    keys: keysAt(`${issuer}/protocol/openid-connect/certs`, backend),
    issuer,
    ...(audiences === undefined ? {} : { audience: audiences }),
    ...(clients === undefined ? {} : { requiredClaims: { azp: clients } }),
  };
}

function baseOf(url: unknown): string {
  const text = String(url);
  try {
    if (/^https?:\/\/[^\s?#@]+$/.test(text) && new URL(text).pathname !== '') return text.replace(/\/+$/, '');
  } catch {
    // Said below.
  }
  throw invalid(
    'keycloak',
    'url',
    url,
    'an http(s) URL without user, query and fragment, such as "https://login.acme.com"',
  );
}
