import type { NamedFields } from '../../http/fields.ts';
import { setsOnly } from '../../http/set-cookie.ts';
import { isTooManyToCompare } from '../../http/unkeyed-vary.ts';
import { unkeyedFields } from '../../policy/request-fields/unkeyed-fields.ts';
import { expiresLifetimeSeconds, initialAgeSeconds } from './age.ts';
import { type CachingField, cachingField } from './caching-field.ts';
import { contentMismatch } from './content-mismatch.ts';
import type {
  FreshnessArithmetic,
  FreshnessDecision,
  FreshnessInput,
  FreshnessReason,
} from './freshness-decision.ts';
import { originSurrogateKeys } from './origin-surrogate-keys.ts';
import { originWarnings } from './origin-warnings.ts';

/** Statuses that `ttl.default` is for (RFC 9110 section 15.1), less 206; for errors there is `negativeTtlSeconds`. */
const CACHEABLE_BY_DEFAULT = new Set([200, 203, 204, 300, 301, 308]);
/** Statuses whose meaning this cache knows (RFC 9111 section 5.2.2.3, must-understand). */
const UNDERSTOOD = new Set([200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 421, 451, 501]);
/** Bodies that go on for as long as somebody listens: a later client wants what comes then. */
const ENDLESS = /^\s*(?:text\/event-stream|multipart\/x-mixed-replace)\s*(?:;|$)/i;
/** The ones that `ttl.min` may raise. */
const RAISABLE = new Set([200, 203, 204, 301, 308]);

/**
 * Whether a response may be stored, for how long, and under which keys: RFC 9111 as a shared cache, but for a scope of one
 * person as that person's private cache at the edge. Pure; both engines and `claimcache explain` use it.
 *
 * The reasons and the meaning of the policy's `min`, `default` and `max` are in docs/concepts/caching.md.
 */
export function freshness(input: FreshnessInput): FreshnessDecision {
  const field = cachingField(input.headers);
  const ageSeconds = initialAgeSeconds(input.headers, input.requestedAtMs, input.nowMs);
  const unkeyed = unkeyedFields(input.headers.get('vary'), input.rule.knownVary);
  const obstacle = isTooManyToCompare(unkeyed) ? 'vary-star' : obstacleToStoring(input, field);
  const { source, statedSeconds, lifetimeSeconds } =
    obstacle === null ? lifetimeOf(input, field) : NO_LIFETIME;
  const tokenLeftSeconds = tokenLeft(input);
  const { maxSeconds } = input.rule.ttl;
  const remaining =
    lifetimeSeconds === null
      ? 0
      : capped(lifetimeSeconds - ageSeconds, maxSeconds, tokenLeftSeconds ?? Number.POSITIVE_INFINITY);
  const reason: FreshnessReason =
    obstacle ?? (lifetimeSeconds === null ? 'no-freshness' : remaining > 0 ? 'stored' : 'zero-ttl');
  const store = reason === 'stored';
  return {
    store,
    reason,
    ttlSeconds: store ? remaining : 0,
    initialAgeSeconds: ageSeconds,
    staleWhileRevalidateSeconds: store
      ? staleSeconds('stale-while-revalidate', input.rule.staleWhileRevalidateSeconds, field)
      : 0,
    staleIfErrorSeconds: store ? staleSeconds('stale-if-error', input.rule.staleIfErrorSeconds, field) : 0,
    originSurrogateKeys: originSurrogateKeys(input.headers),
    vary: variants(input.headers),
    unkeyedVary: isTooManyToCompare(unkeyed) ? [] : unkeyed,
    notes: originWarnings(input, field),
    arithmetic: {
      field: field.name,
      source,
      statedSeconds,
      lifetimeSeconds,
      ageSeconds,
      maxSeconds,
      tokenLeftSeconds,
    },
  };
}

function obstacleToStoring(
  { status, headers, shared, lane, rule, path }: FreshnessInput,
  { directives, targeted }: CachingField,
): FreshnessReason | null {
  if (status === 206 || status === 304 || status < 200) return status === 206 ? 'partial' : 'status';
  if (headers.has('content-range')) return 'partial';
  if (directives.has('no-store') && !(directives.has('must-understand') && UNDERSTOOD.has(status)))
    return 'no-store';
  if (directives.has('must-understand') && !UNDERSTOOD.has(status)) return 'status';
  // With field names too: to store a part of a response would be to guess which.
  if (directives.has('no-cache')) return 'no-cache';
  if (shared && directives.has('private')) return 'private';
  if (headers.has('set-cookie') && !rule.stripSetCookie && !setsOnly(headers, rule.stripSetCookies))
    return 'set-cookie';
  if ((headers.get('vary') ?? '').split(',').some((name) => name.trim() === '*')) return 'vary-star';
  if (ENDLESS.test(headers.get('content-type') ?? '')) return 'event-stream';
  if (lane === 'public' && status < 400 && contentMismatch(path, headers.get('content-type')))
    return 'content-mismatch';
  if (lane === 'scoped' && shared && !consents(directives, targeted)) return 'no-consent';
  return null;
}

/** RFC 9111 section 3.5: what an origin must say before one person's answer is shown to another. */
function consents(directives: CachingField['directives'], targeted: boolean): boolean {
  return targeted || directives.has('public') || directives.has('s-maxage');
}

type Lifetime = Pick<FreshnessArithmetic, 'source' | 'statedSeconds' | 'lifetimeSeconds'>;

const NO_LIFETIME: Lifetime = { source: null, statedSeconds: null, lifetimeSeconds: null };

/** Freshness lifetime, counted from when the response was made, and who states it. */
function lifetimeOf(input: FreshnessInput, field: CachingField): Lifetime {
  const { status, rule } = input;
  const explicit = explicitLifetime(input, field);
  if (explicit !== null) {
    const source = explicit[0];
    const seconds = explicit[1];
    const isRaised = seconds > 0 && RAISABLE.has(status);
    const lifetimeSeconds = isRaised ? Math.max(seconds, rule.ttl.minSeconds) : seconds;
    return { source, statedSeconds: seconds, lifetimeSeconds };
  }
  const isError = status >= 400;
  const seconds = isError
    ? (rule.negativeTtlSeconds[status] ?? null)
    : CACHEABLE_BY_DEFAULT.has(status)
      ? rule.ttl.defaultSeconds
      : null;
  if (seconds === null) return NO_LIFETIME;
  return {
    source: isError ? 'negativeTtl' : 'ttl.default',
    statedSeconds: seconds,
    lifetimeSeconds: seconds,
  };
}

/** What the origin states. */
function explicitLifetime(
  { headers, nowMs }: FreshnessInput,
  { directives, targeted }: CachingField,
): readonly ['s-maxage' | 'max-age' | 'expires', number] | null {
  const shared = directives.seconds('s-maxage');
  if (shared !== null) return ['s-maxage', shared];
  const own = directives.seconds('max-age');
  if (own !== null) return ['max-age', own];
  const expires = targeted ? null : expiresLifetimeSeconds(headers, nowMs);
  return expires === null ? null : ['expires', expires];
}

function tokenLeft({ rule, tokenExpiresAtSeconds, nowMs }: FreshnessInput): number | null {
  if (!rule.capAtTokenExpiry || tokenExpiresAtSeconds === null) return null;
  return Math.floor(tokenExpiresAtSeconds - nowMs / 1000);
}

function capped(seconds: number, maxSeconds: number, tokenLeftSeconds: number): number {
  return Math.max(0, Math.floor(Math.min(seconds, maxSeconds, tokenLeftSeconds)));
}

function staleSeconds(name: string, ofRoute: number | null, { directives }: CachingField): number {
  // Both forbid to serve it stale (RFC 9111 section 4.2.4); no rule of a route overrules that. s-maxage implies the second.
  if (directives.has('must-revalidate') || directives.has('proxy-revalidate')) return 0;
  return ofRoute ?? directives.seconds(name) ?? 0;
}

/**
 * Which request headers select a variant at the edge. Only `Accept-Encoding` reaches an origin without being part of the key, so
 * it is the only one; a response that is encoded counts as varying on it, whether it says so or not.
 */
function variants(headers: NamedFields): readonly string[] {
  const names = (headers.get('vary') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return names.includes('accept-encoding') || headers.has('content-encoding') ? ['accept-encoding'] : [];
}
