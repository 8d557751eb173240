import * as v from 'valibot';
import { claimPathProblems } from '../claims/claim-path-setting.ts';
import {
  compileRequiredClaims,
  type RequiredClaim,
  type RequiredClaimsInput,
  requiredClaims,
  requirementProblems,
} from '../claims/claim-requirements.ts';
import type { Report } from '../policy-error.ts';
import {
  choice,
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

/** Who issues tokens, and what makes one of them valid. */
export interface ProviderInput {
  /** Places to look in, in order: the first that holds a value is the credential. Default: `Authorization: Bearer`. */
  readonly credentials?: readonly CredentialInput[];
  /**
   * Algorithms accepted. The token never chooses one that is not named here. For the sessions of Auth.js and NextAuth, which are encrypted
   * and not signed, the one encryption: `['A256CBC-HS512']` or `['A256GCM']`.
   */
  readonly algorithms: readonly (Algorithm | Encryption)[];
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

export type ProvidersInput = Readonly<Record<string, ProviderInput>>;

export interface Provider {
  readonly name: string;
  readonly credentials: readonly SearchedSource[];
  /** Of signatures; empty where tokens are encrypted. */
  readonly algorithms: readonly Algorithm[];
  /** How tokens are encrypted; null: they are signed. */
  readonly encryption: Encryption | null;
  readonly keys: KeySource;
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

export const providers = record(
  object({
    credentials: v.optional(credentials),
    algorithms: list(
      choice(...ALGORITHM_NAMES, ...ENCRYPTION_NAMES),
      '["RS256"]: a token never chooses its algorithm itself',
      {
        atLeast: 1,
      },
    ),
    keys: keySource,
    issuer: v.optional(issuer),
    requiredClaims: v.optional(requiredClaims),
    audience: v.optional(
      oneOf(
        'Expected a text or a list of texts, such as "my-api".',
        [isText, text],
        [
          isList,
          v.pipe(texts, v.minLength(1, 'The list is empty: name an audience, or remove the setting.')),
        ],
      ),
    ),
    clockToleranceSeconds: v.optional(
      v.pipe(v.number(LEEWAY), v.minValue(0, LEEWAY), v.maxValue(300, LEEWAY)),
    ),
    type: v.optional(text),
    maxTokenAgeSeconds: v.optional(secondsUpTo(31_536_000)),
  }),
);

/** What is wrong with one provider. */
export function providerProblems(name: string, provider: ProviderInput, report: Report): void {
  const at = `providers.${name}`;
  keyProblems(at, provider, report);
  encryptionProblems(at, provider, report);
  issuerProblems(at, provider.issuer, provider.requiredClaims, report);
  requirementProblems(at, provider.requiredClaims, report);
  for (const [i, source] of (provider.credentials ?? []).entries()) {
    if ('cookie' in source && typeof source.format === 'object')
      claimPathProblems(`${at}.credentials.${i}.format.json`, source.format.json, report);
  }
  remoteKeyProblems(at, provider.keys, provider.algorithms, report);
}

export function compileProviders(input: ProvidersInput = {}): readonly Provider[] {
  return Object.entries(input).map(([name, provider]) => compileProvider(name, provider));
}

function compileProvider(name: string, input: ProviderInput): Provider {
  const { audience } = input;
  const encryption = input.algorithms.find(isEncryption) ?? null;
  return {
    name,
    credentials: compileCredentials(input.credentials, encryption !== null),
    algorithms: input.algorithms.filter((algorithm) => !isEncryption(algorithm)),
    encryption,
    keys: compileKeySource(input.keys),
    issuers: compileIssuers(input.issuer),
    requiredClaims: compileRequiredClaims(input.requiredClaims),
    audience: audience === undefined ? [] : typeof audience === 'string' ? [audience] : audience,
    clockToleranceSeconds: input.clockToleranceSeconds ?? 0,
    type: input.type ?? null,
    maxTokenAgeSeconds: input.maxTokenAgeSeconds ?? null,
  };
}

/** The settings of a provider that are compared exactly, with their paths. */
export function exactTexts(input: ProvidersInput = {}): (readonly [path: string, text: string])[] {
  return Object.entries(input).flatMap(([name, { issuer = [], audience = [] }]) => [
    ...[issuer].flat().map((text) => [`providers.${name}.issuer`, text] as const),
    ...[audience].flat().map((text) => [`providers.${name}.audience`, text] as const),
  ]);
}

/** Cookies, by name or pattern, that providers take for tokens, each with the setting that says so. Where they come in chunks, those as well. */
export function tokenCookies(input: ProvidersInput = {}): readonly TokenCookie[] {
  return Object.entries(input).flatMap(([name, { credentials: places = [], algorithms = [] }]) =>
    places.flatMap((source, i) => {
      if (!('cookie' in source)) return [];
      const at = `providers.${name}.credentials.${i}`;
      const whole = { cookie: source.cookie, at, isChunk: false };
      if (source.format === undefined) return [whole];
      return [whole, { cookie: chunksOf(source.cookie, algorithms.some(isEncryption)), at, isChunk: true }];
    }),
  );
}

interface TokenCookie {
  readonly cookie: string;
  readonly at: string;
  readonly isChunk: boolean;
}
