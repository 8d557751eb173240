import { normalPath } from '../paths/normal-path.ts';
import { normalPattern } from '../paths/normal-pattern.ts';
import { compileNames } from './name-patterns.ts';
import type { CmsCookieInput, FallbackPageInput } from './origins.ts';
import type {
  FallbackPage,
  Origin,
  Policy,
  Provider,
  RateRule,
  RevocationRule,
  Scope,
  SessionRule,
} from './policy.ts';
import type { PolicyInput } from './routes/route.ts';
import { compileRate, compileRequiredClaims } from './scopes/scope.ts';

const SECRETS = 'claimcache_secrets';
const FIRST_BYTE_TIMEOUT_MS = 15_000;

export function compileOrigins(input: PolicyInput): readonly Origin[] {
  return Object.entries(input.origins).map(([name, { lock, shield, ...origin }]) => ({
    name,
    backend: origin.backend,
    paths: (origin.paths ?? []).map(normalPattern),
    hostHeader: origin.hostHeader ?? null,
    hosts: (origin.hosts ?? []).map((host) => host.toLowerCase()),
    lock:
      lock === undefined
        ? null
        : {
            header: lock.header.toLowerCase(),
            store: lock.secretStore ?? input.stores?.secrets ?? SECRETS,
            item: lock.item,
          },
    firstByteTimeoutMs:
      origin.firstByteTimeoutMs ?? input.limits?.firstByteTimeoutMs ?? FIRST_BYTE_TIMEOUT_MS,
    shield:
      shield === undefined
        ? null
        : 'site' in shield
          ? { kind: 'site', ...shield }
          : { kind: 'backend', ...shield },
  }));
}

export function compileCms(
  input: PolicyInput,
  providers: readonly Provider[],
  revocation: RevocationRule | null,
  scopes: ReadonlyMap<string, Scope>,
): Policy['cms'] {
  const { cookies = [], paths = [], bearer = true } = input.cms ?? {};
  return {
    cookies: compileNames(cookies.map(cmsCookieName)),
    paths: paths.map(normalPattern),
    bearer,
    sessions: new Map(
      cookies.flatMap((cookie) =>
        typeof cookie === 'string'
          ? []
          : [[cookie.name, compileSession(cookie, input, providers, revocation, scopes)]],
      ),
    ),
  };
}

/** The name of an entry of `cms.cookies`. */
export function cmsCookieName(cookie: string | CmsCookieInput): string {
  return typeof cookie === 'string' ? cookie : cookie.name;
}

function compileSession(
  cookie: CmsCookieInput,
  input: PolicyInput,
  providers: readonly Provider[],
  revocation: RevocationRule | null,
  scopes: ReadonlyMap<string, Scope>,
): SessionRule {
  const { name } = cookie;
  if ('hmac' in cookie) {
    const {
      item,
      secretStore,
      format = 'plain',
      expires = false,
      covers = 'name',
      prefix = '',
    } = cookie.hmac;
    const store = secretStore ?? input.stores?.secrets ?? SECRETS;
    return { kind: 'hmac', name, store, item, format, expires, covers, prefix };
  }
  return {
    kind: 'token',
    revocation: revocation && revocationOf(cookie.provider, revocation, scopes),
    scope: {
      name: `cms:${cookie.name}`,
      claims: [],
      providers: providers
        .filter(({ name }) => name === cookie.provider)
        .map((provider) => ({ ...provider, credentials: [{ kind: 'cookie', name: cookie.name }] })),
      shared: false,
      partScopes: [],
      parts: [],
      requiredClaims: compileRequiredClaims(cookie.requiredClaims),
      assertedBy: null,
    },
  };
}

/** A person whom one provider knows by a claim is another one to the next: asked are the scopes of this provider, and every `jti`. */
function revocationOf(
  provider: string,
  rule: RevocationRule,
  scopes: ReadonlyMap<string, Scope>,
): RevocationRule {
  const isOfProvider = ({ name }: { readonly name: string }) =>
    scopes.get(name)?.providers.some((other) => other.name === provider) ?? false;
  return { ...rule, scopes: rule.scopes.filter(isOfProvider) };
}

/** What holds of passes and failures, unless a route says otherwise. */
export function compilePasses(input: PolicyInput): {
  readonly passLimit: RateRule | null;
  readonly fallbackPage: FallbackPage | null;
} {
  return {
    passLimit: compileRate(input.passLimit, {
      blockMinutes: 1,
      rateCounter: 'claimcache_passes',
      penaltyBox: 'claimcache_pass_box',
    }),
    fallbackPage: compileFallbackPage(input.fallbackPage ?? false),
  };
}

export function compileFallbackPage(input: false | FallbackPageInput): FallbackPage | null {
  if (input === false) return null;
  return 'html' in input ? { kind: 'html', ...input } : { kind: 'path', path: normalPath(input.path) };
}
