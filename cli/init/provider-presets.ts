import type { ProviderInput } from '../../src/policy/providers/provider.ts';

/** What a preset has to be told, by the name of its flag: `--user-pool-id`. */
export const FACTS = {
  domain: { question: 'Which domain does it have?', example: 'my-tenant.eu.auth0.com' },
  audience: { question: 'Whom are its tokens for (the claim `aud`)?', example: 'https://api.example.com' },
  region: { question: 'In which region is the user pool?', example: 'eu-central-1' },
  userPoolId: { question: 'Which user pool?', example: 'eu-central-1_AbCdEfGhI' },
  clientId: { question: 'Which client id does your application have?', example: '1234567890abcdef' },
  projectRef: { question: 'Which reference does the project have?', example: 'abcdefghijklmnop' },
  projectId: { question: 'Which id does the project have?', example: 'my-project' },
  url: { question: 'Where is it?', example: 'https://login.example.com' },
  realm: { question: 'Which realm?', example: 'main' },
  tenantId: { question: 'Which tenant (directory id)?', example: '00000000-0000-0000-0000-000000000000' },
  issuer: { question: 'What does `iss` of its tokens say?', example: 'https://login.example.com/' },
  jwksUrl: { question: 'Where are its keys (JWKS)?', example: 'https://login.example.com/jwks.json' },
} as const;

export type FactName = keyof typeof FACTS;
export type Facts = Readonly<Partial<Record<FactName, string>>>;

export interface ProviderPreset {
  readonly title: string;
  readonly asks: readonly FactName[];
  /** As it stands in the policy; `backend` is its name in fastly.toml. */
  readonly provider: (fact: (name: FactName) => string, backend: string) => ProviderInput;
}

/**
 * Identity providers that `claimcache init` knows. This is the only place that knows how their tokens look: where the package exports a preset of
 * its own for one, that is what is to be called here.
 */
export const PROVIDER_PRESETS = {
  auth0: {
    title: 'Auth0',
    asks: ['domain', 'audience'],
    provider: (fact, backend) =>
      remote(
        backend,
        ['RS256'],
        `https://${fact('domain')}/`,
        `https://${fact('domain')}/.well-known/jwks.json`,
        fact('audience'),
      ),
  },
  clerk: {
    title: 'Clerk',
    asks: ['domain', 'audience'],
    provider: (fact, backend) => ({
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: '__session' }],
      ...remote(
        backend,
        ['RS256'],
        `https://${fact('domain')}`,
        `https://${fact('domain')}/.well-known/jwks.json`,
        fact('audience'),
      ),
    }),
  },
  cognito: {
    title: 'Amazon Cognito',
    asks: ['region', 'userPoolId', 'clientId'],
    provider: (fact, backend) => {
      const issuer = `https://cognito-idp.${fact('region')}.amazonaws.com/${fact('userPoolId')}`;
      return remote(backend, ['RS256'], issuer, `${issuer}/.well-known/jwks.json`, fact('clientId'));
    },
  },
  supabase: {
    title: 'Supabase',
    asks: ['projectRef'],
    provider: (fact, backend) => {
      const issuer = `https://${fact('projectRef')}.supabase.co/auth/v1`;
      return remote(backend, ['ES256', 'RS256'], issuer, `${issuer}/.well-known/jwks.json`, 'authenticated');
    },
  },
  firebase: {
    title: 'Firebase',
    asks: ['projectId'],
    provider: (fact, backend) =>
      remote(
        backend,
        ['RS256'],
        `https://securetoken.google.com/${fact('projectId')}`,
        'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
        fact('projectId'),
      ),
  },
  keycloak: {
    title: 'Keycloak',
    asks: ['url', 'realm', 'audience'],
    provider: (fact, backend) => {
      const issuer = `${fact('url').replace(/\/+$/, '')}/realms/${fact('realm')}`;
      return remote(backend, ['RS256'], issuer, `${issuer}/protocol/openid-connect/certs`, fact('audience'));
    },
  },
  entra: {
    title: 'Microsoft Entra ID',
    asks: ['tenantId', 'audience'],
    provider: (fact, backend) => {
      const tenant = `https://login.microsoftonline.com/${fact('tenantId')}`;
      return remote(backend, ['RS256'], `${tenant}/v2.0`, `${tenant}/discovery/v2.0/keys`, fact('audience'));
    },
  },
  okta: {
    title: 'Okta',
    asks: ['domain', 'audience'],
    provider: (fact, backend) => {
      const issuer = `https://${fact('domain')}/oauth2/default`;
      return remote(backend, ['RS256'], issuer, `${issuer}/v1/keys`, fact('audience'));
    },
  },
  google: {
    title: 'Google',
    asks: ['clientId'],
    provider: (fact, backend) =>
      remote(
        backend,
        ['RS256'],
        'https://accounts.google.com',
        'https://www.googleapis.com/oauth2/v3/certs',
        fact('clientId'),
      ),
  },
  oidc: {
    title: 'Another one, with keys at a URL (JWKS)',
    asks: ['issuer', 'jwksUrl', 'audience'],
    provider: (fact, backend) =>
      remote(backend, ['RS256'], fact('issuer'), fact('jwksUrl'), fact('audience')),
  },
  secret: {
    title: 'My application itself, with a shared secret (HS256)',
    asks: ['issuer', 'audience'],
    provider: (fact) => ({
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'token_key', format: 'raw' },
      issuer: fact('issuer'),
      audience: fact('audience'),
    }),
  },
} as const satisfies Record<string, ProviderPreset>;

export type ProviderName = keyof typeof PROVIDER_PRESETS;
export const PROVIDER_NAMES = Object.keys(PROVIDER_PRESETS) as readonly ProviderName[];

export function presetOf(name: ProviderName): ProviderPreset {
  return PROVIDER_PRESETS[name];
}

function remote(
  backend: string,
  algorithms: ProviderInput['algorithms'],
  issuer: string,
  jwksUrl: string,
  audience: string,
): ProviderInput {
  return { algorithms, keys: { jwksUrl, backend }, issuer, audience };
}
