import type { ProviderInput } from '../../policy/providers/provider.ts';
import { keysAt, listOption, type PresetOptions } from './options.ts';

export interface GoogleOptions extends PresetOptions {
  /** OAuth client ids, as in `aud`: `1234-abc.apps.googleusercontent.com`. */
  readonly clientId: string | readonly string[];
  /** Google Workspace domains whose users count, as in `hd`. Default: every Google account. */
  readonly hostedDomain?: string | readonly string[];
}

/**
 * ID tokens of Sign in with Google. `iss` comes in two spellings. Google's access tokens are opaque. Backend: `google`, to `www.googleapis.com`.
 *
 * Source: Google Identity documentation, "Verify the Google ID token on your server side".
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { google: google({ clientId: '1234-abc.apps.googleusercontent.com' }) }
 */
export function google({ clientId, hostedDomain, backend = 'google' }: GoogleOptions): ProviderInput {
  return {
    algorithms: ['RS256'],
    keys: keysAt('https://www.googleapis.com/oauth2/v3/certs', backend),
    issuer: ['https://accounts.google.com', 'accounts.google.com'],
    audience: listOption('google', 'clientId', clientId),
    ...(hostedDomain === undefined
      ? {}
      : { requiredClaims: { hd: listOption('google', 'hostedDomain', hostedDomain) } }),
  };
}
