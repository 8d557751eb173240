import { formatClaimPath, parseClaimPath } from '../claims/claim-path.ts';
import { compileGlob, isPattern } from '../name-patterns.ts';
import type {
  KeySource,
  Provider,
  RateRule,
  RemoteKeySource,
  RevocationRule,
  Scope,
  ScopePart,
  SearchedPlace,
} from '../policy.ts';
import type {
  BadTokenLimitInput,
  CredentialInput,
  KeySourceInput,
  ProviderInput,
  RemoteKeysInput,
  ScopeInput,
  ScopePartInput,
} from '../providers/provider.ts';
import type { PolicyInput } from '../routes/route.ts';

const BEARER: CredentialInput = { header: 'authorization', scheme: 'Bearer' };

export function compileProviders(input: PolicyInput): readonly Provider[] {
  return Object.entries(input.providers ?? {}).map(([name, provider]) => compileProvider(name, provider));
}

function compileProvider(name: string, input: ProviderInput): Provider {
  const { audience } = input;
  return {
    name,
    credentials: (input.credentials ?? [BEARER]).map(
      (place): SearchedPlace =>
        'cookie' in place
          ? compileCookie(place.cookie)
          : { kind: 'header', name: place.header.toLowerCase(), scheme: place.scheme?.toLowerCase() ?? null },
    ),
    algorithms: input.algorithms,
    keys: compileKeys(input.keys),
    issuer: input.issuer ?? null,
    audience: audience === undefined ? [] : typeof audience === 'string' ? [audience] : audience,
    clockToleranceSeconds: input.clockToleranceSeconds ?? 0,
    type: input.type ?? null,
    maxTokenAgeSeconds: input.maxTokenAgeSeconds ?? null,
  };
}

function compileCookie(name: string) {
  return isPattern(name)
    ? ({ kind: 'cookiePattern', pattern: name, glob: compileGlob(name) } as const)
    : ({ kind: 'cookie', name } as const);
}

function compileKeys(input: KeySourceInput): KeySource {
  if ('secretStore' in input) {
    return { kind: 'secretStore', store: input.secretStore, item: input.item, format: input.format ?? 'jwk' };
  }
  if ('configStore' in input) return { kind: 'configStore', store: input.configStore, item: input.item };
  if ('jwk' in input) return { kind: 'inline', keys: [input.jwk] };
  return 'jwks' in input ? { kind: 'inline', keys: input.jwks.keys } : compileRemoteKeys(input);
}

function compileRemoteKeys(input: RemoteKeysInput): RemoteKeySource {
  return {
    kind: 'remote',
    backend: input.backend,
    // OpenID Connect Discovery 1.0 section 4: the path is appended to the issuer's, without its last slash.
    url:
      'jwksUrl' in input
        ? input.jwksUrl
        : `${input.discovery.replace(/\/$/, '')}/.well-known/openid-configuration`,
    issuer: 'jwksUrl' in input ? null : input.discovery,
    ttlSeconds: input.ttlSeconds ?? 300,
    keepSeconds: input.keepSeconds ?? 86_400,
    cooldownSeconds: input.cooldownSeconds ?? 30,
    timeoutMs: input.timeoutMs ?? 2000,
  };
}

export function compileScopes(
  inputs: Readonly<Record<string, ScopeInput>>,
  providers: readonly Provider[],
): ReadonlyMap<string, Scope> {
  const listed = Object.entries(inputs).map(([name, input]) => {
    const texts = typeof input.claims === 'string' ? [input.claims] : (input.claims ?? []);
    return { name, input, claims: texts.map((text) => parseClaimPath(text) ?? []) };
  });
  const madeOf = (claim: readonly string[]) =>
    listed
      .filter(({ claims, input }) => claims.length === 1 && input.parts === undefined)
      .filter(({ claims }) => formatClaimPath(claims[0] ?? []) === formatClaimPath(claim))
      .map(({ name }) => name);
  return new Map(
    listed.map(({ name, input, claims }) => {
      const scope: Scope = {
        name,
        claims,
        providers:
          input.providers?.flatMap((wanted) => providers.filter((provider) => provider.name === wanted)) ??
          providers,
        shared: input.shared ?? false,
        partScopes: claims.map((claim) => madeOf(claim).filter((other) => other !== name)),
        parts: (input.parts ?? []).map(compilePart),
        requiredClaims: compileRequiredClaims(input.requiredClaims),
        assertedBy: input.assertedBy?.toLowerCase() ?? null,
      };
      return [name, scope];
    }),
  );
}

function compilePart(input: ScopePartInput): ScopePart {
  if ('contains' in input) {
    return { kind: 'contains', path: parseClaimPath(input.contains) ?? [], value: input.value };
  }
  if ('header' in input) {
    return { kind: 'header', name: input.header.toLowerCase(), values: input.values ?? null };
  }
  if ('cookie' in input) return { ...compileCookie(input.cookie), values: input.values ?? null };
  if ('country' in input) return { kind: 'country', values: input.country === true ? null : input.country };
  return { kind: 'device' };
}

/** Revocation, the limit of bad tokens, and that of a person's own purges. */
export function compileIdentity(
  input: PolicyInput,
  scopes: ReadonlyMap<string, Scope>,
): {
  readonly revocation: RevocationRule | null;
  readonly badTokenLimit: RateRule | null;
  readonly selfPurge: RateRule | null;
} {
  const { revocation, badTokenLimit, selfPurge = {} } = input;
  return {
    revocation:
      revocation === undefined
        ? null
        : {
            store: revocation.store ?? 'claimcache_revocations',
            scopes: revocation.scopes.map((name) => ({ name, path: scopes.get(name)?.claims[0] ?? [] })),
            onUnavailable: revocation.onUnavailable ?? 'reject',
            maxTokenSeconds: revocation.maxTokenSeconds ?? 86_400,
          },
    badTokenLimit: compileRate(badTokenLimit, {
      blockMinutes: 5,
      rateCounter: 'claimcache_bad_tokens',
      penaltyBox: 'claimcache_penalty_box',
    }),
    selfPurge:
      selfPurge === false
        ? null
        : compileRate(
            { count: 10, ...selfPurge },
            {
              blockMinutes: 1,
              rateCounter: 'claimcache_self_purges',
              penaltyBox: 'claimcache_self_purge_box',
            },
          ),
  };
}

/** A limit of clients, with the defaults of its kind. */
export function compileRate(
  input: BadTokenLimitInput | undefined,
  defaults: Pick<RateRule, 'blockMinutes' | 'rateCounter' | 'penaltyBox'>,
): RateRule | null {
  return input === undefined ? null : { ...defaults, windowSeconds: 60, ...input };
}

/** Claims that a caller must have. */
export function compileRequiredClaims(input: ScopeInput['requiredClaims']): Scope['requiredClaims'] {
  return Object.entries(input ?? {}).map(([claim, wanted]) => ({
    path: parseClaimPath(claim) ?? [],
    values: wanted === true ? null : Array.isArray(wanted) ? wanted : [wanted],
  }));
}
