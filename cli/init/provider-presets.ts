import {
  auth0,
  authjs,
  clerk,
  cognito,
  entra,
  firebase,
  google,
  keycloak,
  okta,
  supabase,
} from '../../src/identity/presets/index.ts';
import type { ProviderInput } from '../../src/policy/providers/provider.ts';

/** What a preset has to be told, by the name of its flag: `--user-pool-id`. */
export const FACTS = {
  domain: { question: 'Which domain does it have?', example: 'my-tenant.eu.auth0.com' },
  audience: { question: 'Whom are its tokens for (the claim `aud`)?', example: 'https://api.example.com' },
  authorizedParty: {
    question: 'Which site makes its tokens (the claim `azp`)?',
    example: 'https://www.example.com',
  },
  region: { question: 'In which region is the user pool?', example: 'eu-central-1' },
  userPoolId: { question: 'Which user pool?', example: 'eu-central-1_AbCdEfGhI' },
  clientId: { question: 'Which client id does your application have?', example: '1234567890abcdef' },
  projectRef: { question: 'Which reference does the project have?', example: 'abcdefghijklmnop' },
  projectId: { question: 'Which id does the project have?', example: 'my-project' },
  url: { question: 'Where is it?', example: 'https://login.example.com' },
  realm: { question: 'Which realm?', example: 'main' },
  tenantId: { question: 'Which tenant (directory id)?', example: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490' },
  issuer: { question: 'What does `iss` of its tokens say?', example: 'https://login.example.com/' },
  jwksUrl: { question: 'Where are its keys (JWKS)?', example: 'https://login.example.com/jwks.json' },
  tokenCookie: { question: 'Which cookie has its token?', example: 'session' },
} as const;

export type FactName = keyof typeof FACTS;
export type Facts = Readonly<Partial<Record<FactName, string>>>;

/** What an empty answer means. */
export function emptyMeans(name: FactName): string {
  return name === 'tokenCookie' ? 'none: the header Authorization has it' : 'its tokens have none';
}

export interface ProviderPreset {
  readonly title: string;
  readonly asks: readonly FactName[];
  /** Of which its tokens may have none. */
  readonly mayLack?: readonly FactName[];
  /** It says itself where its tokens are: nobody is asked for a cookie. */
  readonly hasPlaces?: true;
  /** How a cookie has the token, where the cookie is not the token itself. */
  readonly cookieFormat?: 'supabase';
  /**
   * What stands in the policy: the call of a preset of `claimcache/providers`, or the settings themselves. `origin`: where the application
   * runs.
   */
  readonly written: (fact: (name: FactName) => string, origin: string) => PresetCall | ProviderInput;
  /** Which claim names the person. Default: `sub`. */
  readonly person?: string;
}

/** `auth0({ domain: '…' })`, with what it returns; where `changes` has settings, `{ ...auth0({ domain: '…' }), … }`. */
export class PresetCall {
  readonly name: string;
  readonly options: object;
  readonly provider: ProviderInput;
  readonly changes: Partial<ProviderInput>;

  constructor(name: string, options: object, provider: ProviderInput, changes: Partial<ProviderInput> = {}) {
    this.name = name;
    this.options = options;
    this.provider = { ...provider, ...changes };
    this.changes = changes;
  }
}

function calling<T extends object>(preset: (options: T) => ProviderInput, options: T): PresetCall {
  return new PresetCall(preset.name, options, preset(options));
}

/** Identity providers that `claimcache init` knows, by what their presets have to be told. */
export const PROVIDER_PRESETS = {
  auth0: {
    title: 'Auth0',
    asks: ['domain', 'audience'],
    written: (fact) => calling(auth0, { domain: fact('domain'), audience: fact('audience') }),
  },
  clerk: {
    title: 'Clerk',
    asks: ['domain', 'authorizedParty'],
    hasPlaces: true,
    written: (fact) =>
      calling(clerk, { frontendApi: fact('domain'), authorizedParties: [fact('authorizedParty')] }),
  },
  cognito: {
    title: 'Amazon Cognito',
    asks: ['region', 'userPoolId', 'clientId'],
    written: (fact) =>
      calling(cognito, {
        region: fact('region'),
        userPoolId: fact('userPoolId'),
        clientId: fact('clientId'),
      }),
  },
  supabase: {
    title: 'Supabase',
    asks: ['projectRef'],
    cookieFormat: 'supabase',
    written: (fact) => calling(supabase, { projectRef: fact('projectRef') }),
  },
  firebase: {
    title: 'Firebase',
    asks: ['projectId'],
    written: (fact) => calling(firebase, { projectId: fact('projectId') }),
  },
  keycloak: {
    title: 'Keycloak',
    asks: ['url', 'realm', 'audience'],
    written: (fact) =>
      calling(keycloak, { url: fact('url'), realm: fact('realm'), audience: fact('audience') }),
  },
  entra: {
    title: 'Microsoft Entra ID',
    asks: ['tenantId', 'clientId'],
    written: (fact) => calling(entra, { tenantId: fact('tenantId'), clientId: fact('clientId') }),
    person: 'oid',
  },
  okta: {
    title: 'Okta',
    asks: ['domain', 'audience'],
    written: (fact) => calling(okta, { domain: fact('domain'), audience: fact('audience') }),
  },
  google: {
    title: 'Google',
    asks: ['clientId'],
    written: (fact) => calling(google, { clientId: fact('clientId') }),
  },
  authjs: {
    title: 'Auth.js: next-auth 5 or @auth/*, with sessions in an encrypted cookie',
    asks: [],
    hasPlaces: true,
    written: () => calling(authjs, {}),
  },
  nextauth: {
    title: 'NextAuth 4: next-auth, with sessions in an encrypted cookie',
    asks: [],
    hasPlaces: true,
    written: () => calling(authjs, { version: 4 as const }),
  },
  oidc: {
    title: 'Another one, or my application itself, with public keys at a URL (JWKS, RS256)',
    asks: ['issuer', 'jwksUrl', 'audience'],
    written: (fact, origin) => ({
      algorithms: ['RS256'],
      keys: {
        jwksUrl: fact('jwksUrl'),
        // An application may publish the keys of its own tokens.
        backend: new URL(fact('jwksUrl')).origin === origin ? 'origin' : 'oidc',
      },
      issuer: fact('issuer'),
      audience: fact('audience'),
    }),
  },
  secret: {
    title: 'My application itself, with a shared secret (HS256)',
    asks: ['issuer', 'audience'],
    mayLack: ['issuer', 'audience'],
    written: (fact) => ({
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'token_key', format: 'raw' },
      ...(fact('issuer') !== '' && { issuer: fact('issuer') }),
      ...(fact('audience') !== '' && { audience: fact('audience') }),
    }),
  },
} as const satisfies Record<string, ProviderPreset>;

export type ProviderName = keyof typeof PROVIDER_PRESETS;
export const PROVIDER_NAMES = Object.keys(PROVIDER_PRESETS) as readonly ProviderName[];

export function presetOf(name: ProviderName): ProviderPreset {
  return PROVIDER_PRESETS[name];
}

/** The questions about a provider, in this order. */
export function factsOf(provider: ProviderName): readonly FactName[] {
  const { asks, hasPlaces } = presetOf(provider);
  return hasPlaces ? asks : [...asks, 'tokenCookie'];
}

export function mayLack(provider: ProviderName, fact: FactName): boolean {
  return fact === 'tokenCookie' || (presetOf(provider).mayLack?.includes(fact) ?? false);
}
