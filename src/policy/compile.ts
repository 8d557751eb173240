import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from '../keys/base64url.ts';
import type {
  CredentialPlace,
  KeySource,
  Origin,
  Policy,
  Provider,
  QueryRule,
  Route,
  Scope,
} from '../types.ts';
import { unsafeStates } from './checks.ts';
import { formatClaimPath, parseClaimPath } from './claim-path.ts';
import type {
  CredentialInput,
  KeySourceInput,
  PolicyInput,
  ProviderInput,
  RouteInput,
  ScopeInput,
} from './input.ts';
import { PolicyError } from './policy-error.ts';
import { shapeProblems } from './schema.ts';

const MAX_TTL_SECONDS = 31_536_000;
const BEARER: CredentialInput = { header: 'authorization', scheme: 'Bearer' };

/**
 * Validates a policy and fills in everything it leaves out, once, when the service is built.
 *
 * @throws {PolicyError} with every problem found: code, path, value and mend.
 */
export function compilePolicy(input: PolicyInput): Policy {
  const shape = shapeProblems(input);
  if (shape.length > 0) throw new PolicyError(shape);
  const unsafe = unsafeStates(input);
  if (unsafe.length > 0) throw new PolicyError(unsafe);

  const origins = Object.entries(input.origins).map(
    ([name, origin]): Origin => ({
      name,
      backend: origin.backend,
      paths: origin.paths ?? [],
      hostHeader: origin.hostHeader ?? null,
    }),
  );
  const providers = Object.entries(input.providers ?? {}).map(([name, provider]) =>
    compileProvider(name, provider),
  );
  const scopes = compileScopes(input.scopes ?? {}, providers);
  const routes = Object.entries(input.routes).map(([name, route]) =>
    compileRoute(name, route, scopes, origins),
  );
  const ignore = input.ignoreQuery ?? [];

  return {
    stores: {
      config: input.stores?.config ?? 'claimcache_config',
      secrets: input.stores?.secrets ?? 'claimcache_secrets',
    },
    logEndpoint: input.logEndpoint ?? 'claimcache',
    hosts: new Set((input.hosts ?? []).map((host) => host.toLowerCase())),
    origins,
    cms: {
      cookies: new Set(input.cms?.cookies ?? []),
      paths: input.cms?.paths ?? [],
      bearer: input.cms?.bearer ?? true,
    },
    providers,
    scopes,
    routes,
    fallback: compileRoute('default', { path: '/**', lane: 'public' }, scopes, origins),
    ignoreQuery: {
      names: new Set(ignore.filter((name) => !name.endsWith('*'))),
      prefixes: ignore.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1)),
    },
    limits: {
      urlBytes: input.limits?.urlBytes ?? 4096,
      tokenBytes: input.limits?.tokenBytes ?? 8192,
      bufferBytes: input.limits?.bufferBytes ?? 65_536,
      collapseTimeoutMs: input.limits?.collapseTimeoutMs ?? 10_000,
      headerBytes: input.limits?.headerBytes ?? 32_768,
      cookieBytes: input.limits?.cookieBytes ?? 16_384,
      firstByteTimeoutMs: input.limits?.firstByteTimeoutMs ?? 15_000,
      betweenBytesTimeoutMs: input.limits?.betweenBytesTimeoutMs ?? 10_000,
      retries: input.limits?.retries ?? 1,
    },
    digest: base64url(sha256(new TextEncoder().encode(JSON.stringify(input)))),
  };
}

function compileProvider(name: string, input: ProviderInput): Provider {
  const { audience } = input;
  return {
    name,
    credentials: (input.credentials ?? [BEARER]).map(
      (place): CredentialPlace =>
        'cookie' in place
          ? { kind: 'cookie', name: place.cookie }
          : { kind: 'header', name: place.header.toLowerCase(), scheme: place.scheme?.toLowerCase() ?? null },
    ),
    algorithms: input.algorithms,
    keys: compileKeys(input.keys),
    issuer: input.issuer ?? null,
    audience: audience === undefined ? [] : typeof audience === 'string' ? [audience] : audience,
    clockToleranceSeconds: input.clockToleranceSeconds ?? 0,
  };
}

function compileKeys(input: KeySourceInput): KeySource {
  if ('secretStore' in input) {
    return { kind: 'secretStore', store: input.secretStore, item: input.item, format: input.format ?? 'jwk' };
  }
  if ('configStore' in input) return { kind: 'configStore', store: input.configStore, item: input.item };
  return { kind: 'inline', keys: 'jwk' in input ? [input.jwk] : input.jwks.keys };
}

function compileScopes(
  inputs: Readonly<Record<string, ScopeInput>>,
  providers: readonly Provider[],
): ReadonlyMap<string, Scope> {
  const listed = Object.entries(inputs).map(([name, input]) => {
    const texts = typeof input.claims === 'string' ? [input.claims] : input.claims;
    return { name, input, claims: texts.map((text) => parseClaimPath(text) ?? []) };
  });
  /** Claim path, in its one spelling, to the scope made of it alone. */
  const single = new Map(
    listed
      .filter(({ claims }) => claims.length === 1)
      .map(({ name, claims }) => [formatClaimPath(claims[0] ?? []), name]),
  );
  return new Map(
    listed.map(({ name, input, claims }) => [
      name,
      {
        name,
        claims,
        providers:
          input.providers?.flatMap((wanted) => providers.filter((provider) => provider.name === wanted)) ??
          providers,
        shared: input.shared ?? false,
        partScopes: claims.map((claim) =>
          claims.length > 1 ? (single.get(formatClaimPath(claim)) ?? null) : null,
        ),
      },
    ]),
  );
}

function compileRoute(
  name: string,
  input: RouteInput,
  scopes: ReadonlyMap<string, Scope>,
  origins: readonly Origin[],
): Route {
  const scope = input.scope === undefined ? null : (scopes.get(input.scope) ?? null);
  const ttl = typeof input.ttlSeconds === 'number' ? { default: input.ttlSeconds } : (input.ttlSeconds ?? {});
  return {
    name,
    path: input.path,
    kind: scope === null ? (input.lane ?? 'public') : input.cache === false ? 'sensitive' : 'scoped',
    scope,
    origin: origins.find((origin) => origin.name === input.origin) ?? null,
    freshness: {
      ttl: {
        defaultSeconds: ttl.default ?? null,
        minSeconds: ttl.min ?? 0,
        maxSeconds: ttl.max ?? MAX_TTL_SECONDS,
      },
      staleWhileRevalidateSeconds: input.staleWhileRevalidateSeconds ?? null,
      staleIfErrorSeconds: input.staleIfErrorSeconds ?? null,
      capAtTokenExpiry: input.capAtTokenExpiry ?? false,
      negativeTtlSeconds: input.negativeTtlSeconds ?? {},
      stripSetCookie: input.stripSetCookie ?? false,
    },
    browserTtlSeconds: input.browserTtlSeconds ?? null,
    onMissing: input.onMissing ?? 'reject',
    onInvalid: input.onInvalid ?? 'reject',
    vary: [...new Set((input.vary ?? []).map((header) => header.toLowerCase()))].sort(),
    query: compileQuery(input.query ?? 'all'),
    purgeOnWrite: input.purgeOnWrite ?? true,
    forwardCredential: input.forwardCredential ?? !scope?.shared,
  };
}

function compileQuery(input: NonNullable<RouteInput['query']>): QueryRule {
  if (input === 'all' || input === 'none') return { kind: input };
  return { kind: 'only', names: new Set(input) };
}
