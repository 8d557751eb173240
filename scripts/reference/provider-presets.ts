import * as presets from '../../src/identity/presets/index.ts';
import type { ProviderInput } from '../../src/policy/providers/provider.ts';
import { docOf } from './doc-comment.ts';
import { tableOf } from './documented.ts';
import { declarationsOf } from './source.ts';

const CLIENT = '6e74172b-be56-4843-9ff4-e66a39bb12e3';
const PRESETS: Readonly<Record<string, ProviderInput>> = {
  auth0: presets.auth0({ domain: 'acme.eu.auth0.com', audience: 'https://api.acme.com' }),
  authjs: presets.authjs({ item: 'auth_secret' }),
  clerk: presets.clerk({ frontendApi: 'clerk.acme.com', authorizedParties: ['https://www.acme.com'] }),
  cognito: presets.cognito({
    region: 'eu-central-1',
    userPoolId: 'eu-central-1_AbCdEfGhI',
    clientId: '4qgclient',
  }),
  supabase: presets.supabase({ projectRef: 'abcdefghijklmnopqrst' }),
  firebase: presets.firebase({ projectId: 'acme-web' }),
  keycloak: presets.keycloak({ url: 'https://login.acme.com', realm: 'acme', clientId: 'web' }),
  entra: presets.entra({ tenantId: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490', clientId: CLIENT }),
  okta: presets.okta({ domain: 'acme.okta.com', audience: 'api://default' }),
  google: presets.google({ clientId: '1234-abc.apps.googleusercontent.com' }),
};

/** Each preset of `claimcache/providers`, with the host that its backend has to be: a part of `how-to/identity-providers.md`. */
export function providerTable(): string {
  return tableOf(
    ['preset', 'host of the backend, here', 'for whom', ''],
    Object.entries(PRESETS).map(([name, provider]) => [
      name,
      hostOf(provider),
      claimsOf(provider),
      textOf(name),
    ]),
  );
}

function hostOf({ keys }: ProviderInput): string {
  if (!('jwksUrl' in keys || 'discovery' in keys)) return '';
  return `\`${new URL('jwksUrl' in keys ? keys.jwksUrl : keys.discovery).host}\``;
}

/** The claims by which a token is for this site. */
function claimsOf({ audience, requiredClaims = {} }: ProviderInput): string {
  const names = [...(audience === undefined ? [] : ['aud']), ...Object.keys(requiredClaims)];
  return names.map((name) => `\`${name}\``).join(', ');
}

/** The first paragraph of the preset's comment. */
function textOf(name: string): string {
  const node = declarationsOf(`src/identity/presets/${name}.ts`).get(name);
  const [first = ''] = (node === undefined ? '' : docOf(node)).split('\n\n');
  return first.replace(/ Backend: [^.]*(?:\.[\w.]+`)?\.$/, '');
}
