import * as v from 'valibot';
import { claimPathProblems } from '../claims/claim-path-setting.ts';
import {
  compileRequiredClaims,
  type RequiredClaim,
  type RequiredClaimsInput,
  requiredClaims,
  requirementProblems,
} from '../claims/claim-requirements.ts';
import { patternsOverlap } from '../name-patterns.ts';
import type { Report } from '../policy-error.ts';
import {
  choice,
  has,
  isList,
  isText,
  list,
  object,
  oneOf,
  record,
  secondsUpTo,
  text,
  texts,
} from '../settings.ts';
import {
  ALGORITHM_NAMES,
  type Algorithm,
  ENCRYPTION_NAMES,
  type Encryption,
  isEncryption,
} from './algorithm-names.ts';
import { chunksOf } from './cookie-formats.ts';
import {
  BEARER,
  type CredentialInput,
  compileCredentials,
  credentials,
  type SearchedSource,
} from './credential-sources.ts';
import { encryptionProblems } from './encryption-checks.ts';
import { compileIssuers, type Issuer, issuer, issuerProblems } from './issuers.ts';
import { keyProblems } from './key-checks.ts';
import {
  compileKeySource,
  type KeySource,
  type KeySourceInput,
  keySource,
  remoteKeyProblems,
} from './key-source.ts';
import {
  compileIntrospection,
  compileSession,
  type IntrospectionInput,
  introspection,
  introspectionProblems,
  type LookupRule,
  type SessionInput,
  type Surroundings,
  session,
  sessionProblems,
} from './lookup-rule.ts';

/** Who issues tokens, and what makes one of them valid. Presets: `claimcache/providers`. docs/how-to/identity-providers.md */
export interface ProviderInput {
  /** Places to look in, in order: the first that holds a value is the credential. Default: `Authorization: Bearer`. */
  readonly credentials?: readonly CredentialInput[];
  /**
   * Algorithms accepted. The token never chooses one that is not named here. For the sessions of Auth.js and NextAuth, which are encrypted
   * and not signed, the one encryption: `['A256CBC-HS512']` or `['A256GCM']`.
   */
  readonly algorithms: readonly (Algorithm | Encryption)[];
  /** What signatures are verified with, or sessions decrypted. */
  readonly keys: KeySourceInput;
  /**
   * Required `iss`, or a list of which it has to be one. Compared exactly; `https://login.example.com/{tid}/v2.0` has the token's own claim
   * `tid` in it, and `requiredClaims` has to say which values count.
   */
  readonly issuer?: string | readonly string[];
  /** Required `aud`; the token must name at least one of these. */
  readonly audience?: string | readonly string[];
  /**
   * Claims that a token must have to be meant for this site at all, such as `{ client_id: 'web', token_use: 'access' }`. Another token is refused with 401;
   * those of a scope are about what a person may see: 403.
   */
  readonly requiredClaims?: RequiredClaimsInput;
  /** Leeway for `exp` and `nbf`, with `maxTokenAgeSeconds` for `iat` too. Default 0, at most 300. */
  readonly clockToleranceSeconds?: number;
  /** Required `typ` of the token's header, such as `at+jwt` (RFC 9068). Default: not asked for. */
  readonly type?: string;
  /** The oldest `iat` that counts, in seconds; a token without `iat` is refused then. Default: no limit but `exp`. */
  readonly maxTokenAgeSeconds?: number;
}

/** The settings of a provider that also count where an endpoint is asked about each credential. */
type AskedInput = Pick<
  ProviderInput,
  'issuer' | 'audience' | 'requiredClaims' | 'clockToleranceSeconds' | 'maxTokenAgeSeconds'
> & {
  /** Nothing is signed. */
  readonly algorithms?: never;
  readonly keys?: never;
};

/** Sessions of the origin itself, by a cookie that says nothing to anybody else: docs/how-to/sessions.md. */
export interface SessionProviderInput extends AskedInput {
  readonly session: SessionInput;
  /** The session's cookie is the only place. */
  readonly credentials?: never;
}

/** Tokens that say nothing by themselves, of an issuer that can be asked (RFC 7662): docs/how-to/sessions.md. */
export interface IntrospectionProviderInput extends AskedInput, Pick<ProviderInput, 'credentials'> {
  readonly introspection: IntrospectionInput;
}

/** Tokens that are verified here, or an endpoint that is asked about a session or an opaque token. */
export type AnyProviderInput = ProviderInput | SessionProviderInput | IntrospectionProviderInput;

/** Who says who a user is. */
export type ProvidersInput = Readonly<Record<string, AnyProviderInput>>;

export interface Provider {
  readonly name: string;
  readonly credentials: readonly SearchedSource[];
  /** Of signatures; empty where tokens are encrypted. Empty, as `keys` is, where somebody is asked. */
  readonly algorithms: readonly Algorithm[];
  /** How tokens are encrypted; null: they are signed. */
  readonly encryption: Encryption | null;
  readonly keys: KeySource;
  /** Whom to ask about each credential; null: a token is verified by its signature. */
  readonly lookup: LookupRule | null;
  /** Empty: `iss` is not asked for. */
  readonly issuers: readonly Issuer[];
  /** Empty: `aud` is not asked for. */
  readonly audience: readonly string[];
  readonly requiredClaims: readonly RequiredClaim[];
  readonly clockToleranceSeconds: number;
  /** Required `typ` of the token's header, such as `at+jwt` (RFC 9068); compared without case and `application/`. */
  readonly type: string | null;
  /** Oldest `iat` accepted. */
  readonly maxTokenAgeSeconds: number | null;
}

const LEEWAY = 'Expected a number of seconds from 0 to 300, without quotes, such as 30.';

/** What any answer or token has to say. */
const meaning = {
  issuer: v.optional(issuer),
  requiredClaims: v.optional(requiredClaims),
  audience: v.optional(
    oneOf(
      'Expected a text or a list of texts, such as "my-api".',
      [isText, text],
      [isList, v.pipe(texts, v.minLength(1, 'The list is empty: name an audience, or remove the setting.'))],
    ),
  ),
  clockToleranceSeconds: v.optional(v.pipe(v.number(LEEWAY), v.minValue(0, LEEWAY), v.maxValue(300, LEEWAY))),
  maxTokenAgeSeconds: v.optional(secondsUpTo(31_536_000)),
};

const tokens = object({
  credentials: v.optional(credentials),
  algorithms: list(
    choice(...ALGORITHM_NAMES, ...ENCRYPTION_NAMES),
    '["RS256"]: a token never chooses its algorithm itself',
    {
      atLeast: 1,
    },
  ),
  keys: keySource,
  type: v.optional(text),
  ...meaning,
});

export const providers = record(
  oneOf(
    '',
    [has('session'), object({ session, ...meaning })],
    [has('introspection'), object({ introspection, credentials: v.optional(credentials), ...meaning })],
    [() => true, tokens],
  ),
);

/** What is wrong with one provider. */
export function providerProblems(
  name: string,
  provider: AnyProviderInput,
  policy: Surroundings & { readonly providers?: ProvidersInput },
  report: Report,
): void {
  const at = `providers.${name}`;
  issuerProblems(at, provider.issuer, provider.requiredClaims, report);
  requirementProblems(at, provider.requiredClaims, report);
  if ('session' in provider) sessionProblems(at, provider.session, policy, report);
  else if ('introspection' in provider) introspectionProblems(at, provider.introspection, report);
  else {
    keyProblems(at, provider, report);
    encryptionProblems(at, provider, report);
    remoteKeyProblems(at, provider.keys, provider.algorithms, report);
  }
  for (const [i, source] of (provider.credentials ?? []).entries()) {
    if ('cookie' in source && typeof source.format === 'object')
      claimPathProblems(`${at}.credentials.${i}.format.json`, source.format.json, report);
  }
  if ('introspection' in provider)
    for (const [i, source] of (provider.credentials ?? []).entries())
      if ('cookie' in source && source.format !== undefined)
        report(
          'POLICY_CONFLICT',
          `${at}.credentials.${i}.format`,
          source.format,
          'The endpoint gets the cookie as it was sent: remove `format`, or verify the token itself with `keys`.',
        );
  if ('session' in provider || 'introspection' in provider)
    sharedPlaceProblems(at, name, policy.providers, report);
}

/** Where a credential says nothing by itself, nothing tells whose it is: two providers cannot have one place. */
function sharedPlaceProblems(at: string, name: string, providers: ProvidersInput = {}, report: Report): void {
  const sources = credentialsOf(providers[name]);
  for (const [other, input] of Object.entries(providers)) {
    const shared =
      other === name ? undefined : sources.find((source) => isAmong(source, credentialsOf(input)));
    if (shared === undefined) continue;
    const fix = `The provider ${other} looks there too, and nothing tells whose credential it is: use another cookie, or another header.`;
    report('POLICY_CONFLICT', at, shared, fix);
  }
}

function isAmong(source: CredentialInput, others: readonly CredentialInput[]): boolean {
  return others.some((other) => {
    if ('cookie' in source) return 'cookie' in other && patternsOverlap(source.cookie, other.cookie);
    if ('query' in source) return 'query' in other && source.query === other.query;
    return (
      'header' in other &&
      source.header.toLowerCase() === other.header.toLowerCase() &&
      (source.scheme === undefined ||
        other.scheme === undefined ||
        source.scheme.toLowerCase() === other.scheme.toLowerCase())
    );
  });
}

/** Where a provider looks. */
export function credentialsOf(provider: AnyProviderInput | undefined): readonly CredentialInput[] {
  if (provider === undefined) return [];
  if ('session' in provider) return [{ cookie: provider.session.cookie }];
  return provider.credentials ?? BEARER;
}

export function compileProviders(
  input: ProvidersInput,
  policy: Surroundings = { origins: {} },
): readonly Provider[] {
  return Object.entries(input).map(([name, provider]) => compileProvider(name, provider, policy));
}

function compileProvider(name: string, input: AnyProviderInput, policy: Surroundings): Provider {
  const { audience } = input;
  const encryption = input.algorithms?.find(isEncryption) ?? null;
  return {
    name,
    credentials: compileCredentials(credentialsOf(input), encryption !== null),
    encryption,
    ...verification(input, policy),
    issuers: compileIssuers(input.issuer),
    requiredClaims: compileRequiredClaims(input.requiredClaims),
    audience: audience === undefined ? [] : typeof audience === 'string' ? [audience] : audience,
    clockToleranceSeconds: input.clockToleranceSeconds ?? 0,
    maxTokenAgeSeconds: input.maxTokenAgeSeconds ?? null,
  };
}

/** By what a credential is verified. */
function verification(
  input: AnyProviderInput,
  policy: Surroundings,
): Pick<Provider, 'algorithms' | 'keys' | 'type' | 'lookup'> {
  const byAnswer = { algorithms: [], keys: { kind: 'inline', keys: [] }, type: null } as const;
  if ('session' in input) return { ...byAnswer, lookup: compileSession(input.session, policy) };
  if ('introspection' in input)
    return { ...byAnswer, lookup: compileIntrospection(input.introspection, policy) };
  return {
    algorithms: input.algorithms.filter((algorithm) => !isEncryption(algorithm)),
    keys: compileKeySource(input.keys),
    type: input.type ?? null,
    lookup: null,
  };
}

/** The settings of a provider that are compared exactly, with their paths. */
export function exactTexts(input: ProvidersInput = {}): (readonly [path: string, text: string])[] {
  return Object.entries(input).flatMap(([name, { issuer = [], audience = [] }]) => [
    ...[issuer].flat().map((text) => [`providers.${name}.issuer`, text] as const),
    ...[audience].flat().map((text) => [`providers.${name}.audience`, text] as const),
  ]);
}

/** Keys that only this machine has. */
export function localKeyWarnings(input: ProvidersInput = {}): readonly string[] {
  return Object.entries(input).flatMap(([name, { keys = {} }]) => {
    const setting = 'jwksUrl' in keys ? 'jwksUrl' : 'discovery';
    const url = 'jwksUrl' in keys ? keys.jwksUrl : 'discovery' in keys ? keys.discovery : '';
    if (!url.startsWith('http:')) return [];
    return [
      `providers.${name}.keys.${setting}: ${url} is on this machine. Before a deploy, write the https URL of the deployed key server, and the issuer of its tokens.`,
    ];
  });
}

/** Cookies, by name or pattern, that providers take for credentials, each with the setting that says so. Where they come in chunks, those as well. */
export function tokenCookies(input: ProvidersInput = {}): readonly TokenCookie[] {
  return Object.entries(input).flatMap(([name, provider]) => {
    if ('session' in provider)
      return [{ cookie: provider.session.cookie, at: `providers.${name}.session`, isChunk: false }];
    const { credentials: sources = [], algorithms = [] } = provider;
    return sources.flatMap((source, i) => {
      if (!('cookie' in source)) return [];
      const at = `providers.${name}.credentials.${i}`;
      const whole = { cookie: source.cookie, at, isChunk: false };
      if (source.format === undefined) return [whole];
      return [whole, { cookie: chunksOf(source.cookie, algorithms.some(isEncryption)), at, isChunk: true }];
    });
  });
}

interface TokenCookie {
  readonly cookie: string;
  readonly at: string;
  readonly isChunk: boolean;
}
