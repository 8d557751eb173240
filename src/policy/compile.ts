import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from '../keys/base64url.ts';
import { normalPattern } from '../paths/normal-pattern.ts';
import { unsafeStates } from './checks.ts';
import { parseClaimPath } from './claims/claim-path.ts';
import { compileCms, compileFallbackPage, compileOrigins, compilePasses } from './cms.ts';
import { compileGraphql } from './compile-graphql.ts';
import { compileNames } from './name-patterns.ts';
import type {
  CorsRule,
  FallbackPage,
  Origin,
  Policy,
  QueryRule,
  RateRule,
  RevocationRule,
  Route,
  Scope,
} from './policy.ts';
import { PolicyError } from './policy-error.ts';
import { compileRequestFields } from './request-fields/request-headers.ts';
import { compileKnownVary } from './routes/known-vary.ts';
import type { CorsInput, PolicyInput, RouteInput } from './routes/route.ts';
import { compileIdentity, compileProviders, compileScopes } from './scopes/scope.ts';
import { shapeProblems } from './shape-problems.ts';

const MAX_TTL_SECONDS = 31_536_000;

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

  const origins = compileOrigins(input);
  const providers = compileProviders(input);
  const scopes = compileScopes(input.scopes ?? {}, providers);
  const identity = compileIdentity(input, scopes);
  const surroundings = {
    scopes,
    origins,
    ...identity,
    ...compilePasses(input),
    ignoreVary: input.ignoreVary ?? [],
    answersCors: input.cors !== undefined,
  };
  const routes = Object.entries(input.routes).map(([name, route]) => compileRoute(name, route, surroundings));
  const clientAddressHeaders = (input.clientAddress?.headers ?? []).map((header) => header.toLowerCase());

  return {
    stores: {
      config: input.stores?.config ?? 'claimcache_config',
      secrets: input.stores?.secrets ?? 'claimcache_secrets',
    },
    logEndpoint: input.logEndpoint ?? 'claimcache',
    hosts: new Set((input.hosts ?? []).map((host) => host.toLowerCase())),
    origins,
    cms: compileCms(input, providers, identity.revocation, scopes),
    providers,
    scopes,
    routes,
    revocation: identity.revocation,
    badTokenLimit: identity.badTokenLimit,
    selfPurge: identity.selfPurge,
    cors: compileCors(input.cors),
    https: { mode: input.https ?? 'off', hstsSeconds: input.hstsSeconds ?? null },
    requestFields: compileRequestFields(input),
    clientAddressHeaders,
    fallback: compileRoute('default', { path: '/**', lane: 'public' }, surroundings),
    ignoreQuery: compileNames(input.ignoreQuery ?? []),
    limits: {
      urlBytes: input.limits?.urlBytes ?? 4096,
      tokenBytes: input.limits?.tokenBytes ?? 8192,
      bufferBytes: input.limits?.bufferBytes ?? 65_536,
      collapseTimeoutMs: input.limits?.collapseTimeoutMs ?? 10_000,
      headerBytes: input.limits?.headerBytes ?? 32_768,
      cookieBytes: input.limits?.cookieBytes ?? 16_384,
      cookiePairs: input.limits?.cookiePairs ?? 200,
      firstByteTimeoutMs: input.limits?.firstByteTimeoutMs ?? 15_000,
      betweenBytesTimeoutMs: input.limits?.betweenBytesTimeoutMs ?? 10_000,
      bodyTimeoutMs: input.limits?.bodyTimeoutMs ?? 20_000,
      retries: input.limits?.retries ?? 1,
      sandboxRequests: input.limits?.sandboxRequests ?? 1000,
      sandboxIdleMs: input.limits?.sandboxIdleMs ?? 1000,
    },
    digest: base64url(sha256(new TextEncoder().encode(JSON.stringify(input)))),
  };
}

interface Surroundings {
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly origins: readonly Origin[];
  readonly revocation: RevocationRule | null;
  readonly badTokenLimit: RateRule | null;
  readonly passLimit: RateRule | null;
  readonly fallbackPage: FallbackPage | null;
  readonly ignoreVary: readonly string[];
  readonly answersCors: boolean;
}

function compileRoute(name: string, input: RouteInput, surroundings: Surroundings): Route {
  const { scopes, origins, revocation, badTokenLimit, passLimit, fallbackPage } = surroundings;
  const scope = input.scope === undefined ? null : (scopes.get(input.scope) ?? null);
  const ttl = typeof input.ttlSeconds === 'number' ? { default: input.ttlSeconds } : (input.ttlSeconds ?? {});
  return {
    name,
    path: normalPattern(input.path),
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
      stripSetCookies: input.stripSetCookies ?? [],
      knownVary: compileKnownVary(input, credentialFields(scope), surroundings),
    },
    browserTtlSeconds: input.browserTtlSeconds ?? null,
    compress: input.compress ?? (scope === null && input.lane !== 'pass'),
    onMissing: input.onMissing ?? 'reject',
    onInvalid: input.onInvalid ?? 'reject',
    vary: [...new Set((input.vary ?? []).map((header) => header.toLowerCase()))].sort(),
    query: compileQuery(input.query ?? 'all'),
    purgeOnWrite: input.purgeOnWrite ?? true,
    forwardCredential: input.forwardCredential ?? !scope?.shared,
    hideCredential: input.forwardCredential === false,
    forwardClaims: Object.entries(input.forwardClaims ?? {}).map(([header, claim]) => ({
      header: header.toLowerCase(),
      path: parseClaimPath(claim) ?? [],
    })),
    revocation: input.revocation ? revocation : null,
    badTokenLimit: input.limitBadTokens ? badTokenLimit : null,
    cors: input.cors ?? true,
    credentialFields: credentialFields(scope),
    passLimit: input.passLimit === false ? null : passLimit,
    fallbackPage:
      input.fallbackPage === undefined
        ? // A caller of a scoped route is a program, or sees a page of their own: no page of ours unless it says so.
          scope === null
          ? fallbackPage
          : null
        : compileFallbackPage(input.fallbackPage),
    graphql: compileGraphql(input.graphql),
  };
}

function credentialFields(scope: Scope | null): string[] {
  const places = scope?.providers.flatMap(({ credentials }) => credentials) ?? [];
  const fields = places.map((place) => (place.kind === 'header' ? place.name : 'cookie'));
  for (const part of scope?.parts ?? []) {
    if (part.kind === 'header') fields.push(part.name);
    if (part.kind === 'cookie' || part.kind === 'cookiePattern') fields.push('cookie');
    if (part.kind === 'device') fields.push('user-agent');
  }
  return [...new Set(fields.map((field) => field.toLowerCase()))];
}

function compileCors(input: CorsInput | undefined): CorsRule | null {
  if (input === undefined) return null;
  return {
    anyOrigin: input.origins === '*',
    origins: input.origins === '*' ? [] : input.origins.map(serialised),
    methods: (input.methods ?? []).map((method) => method.toUpperCase()),
    headers: input.headers ?? [],
    exposeHeaders: input.exposeHeaders ?? [],
    credentials: input.credentials ?? false,
    maxAgeSeconds: input.maxAgeSeconds ?? 600,
  };
}

/** As a browser writes it: in lower case, without the port that the scheme has anyway. */
function serialised(origin: string): string {
  return origin.toLowerCase().replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2');
}

function compileQuery(input: NonNullable<RouteInput['query']>): QueryRule {
  if (input === 'all' || input === 'none') return { kind: input };
  return { kind: 'only', ...compileNames(input) };
}
