import type { FreshnessDecision, FreshnessInput, FreshnessReason, ReadonlyFields } from '../types.ts';
import { expiresLifetimeSeconds, initialAgeSeconds } from './age.ts';
import { type CachingField, cachingField } from './caching-field.ts';
import { contentMismatch } from './content-mismatch.ts';
import { hygieneNotes } from './hygiene.ts';
import { originSurrogateKeys } from './origin-surrogate-keys.ts';

/** Statuses that may be stored without explicit freshness (RFC 9110 section 15.1), less 206. */
const CACHEABLE_BY_DEFAULT = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);
/** Statuses whose meaning this cache knows (RFC 9111 section 5.2.2.3, must-understand). */
const UNDERSTOOD = new Set([200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 421, 451, 501]);
/** The ones that `ttl.min` may raise. */
const RAISABLE = new Set([200, 203, 204, 301, 308]);

/**
 * Whether a response may be stored, for how long, and under which keys: RFC 9111 as a shared cache, but for a scope of one
 * person as that person's private cache at the edge. Pure; both engines and `claimcache explain` use it.
 *
 * The reasons and the meaning of the policy's `min`, `default` and `max` are in docs/caching.md.
 */
export function freshness(input: FreshnessInput): FreshnessDecision {
  const field = cachingField(input.headers);
  const ageSeconds = initialAgeSeconds(input.headers, input.requestedAtMs, input.nowMs);
  const obstacle = obstacleToStoring(input, field);
  const lifetime = obstacle === null ? lifetimeSeconds(input, field) : null;
  const remaining = lifetime === null ? 0 : capped(lifetime - ageSeconds, input);
  const reason: FreshnessReason =
    obstacle ?? (lifetime === null ? 'no-freshness' : remaining > 0 ? 'stored' : 'zero-ttl');
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
    originSurrogateKeys: originSurrogateKeys(input.headers.get('surrogate-key')),
    vary: variants(input.headers),
    notes: hygieneNotes(input, field),
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
  if (headers.has('set-cookie') && !rule.stripSetCookie) return 'set-cookie';
  if ((headers.get('vary') ?? '').split(',').some((name) => name.trim() === '*')) return 'vary-star';
  if (lane === 'public' && status < 400 && contentMismatch(path, headers.get('content-type')))
    return 'content-mismatch';
  if (lane === 'scoped' && shared && !consents(directives, targeted)) return 'no-consent';
  return null;
}

/** RFC 9111 section 3.5: what an origin must say before one person's answer is shown to another. */
function consents(directives: CachingField['directives'], targeted: boolean): boolean {
  return targeted || directives.has('public') || directives.has('s-maxage');
}

/** Freshness lifetime from the response's birth, or null where nobody states one. */
function lifetimeSeconds(
  { status, headers, nowMs, rule }: FreshnessInput,
  { directives, targeted }: CachingField,
): number | null {
  const explicit =
    (targeted ? null : directives.seconds('s-maxage')) ??
    directives.seconds('max-age') ??
    (targeted ? null : expiresLifetimeSeconds(headers, nowMs));
  if (explicit !== null) {
    return explicit > 0 && RAISABLE.has(status) ? Math.max(explicit, rule.ttl.minSeconds) : explicit;
  }
  if (status >= 400) return rule.negativeTtlSeconds[status] ?? null;
  return CACHEABLE_BY_DEFAULT.has(status) ? rule.ttl.defaultSeconds : null;
}

function capped(seconds: number, { rule, tokenExpiresAtSeconds, nowMs }: FreshnessInput): number {
  const tokenLeft =
    rule.capAtTokenExpiry && tokenExpiresAtSeconds !== null
      ? Math.floor(tokenExpiresAtSeconds - nowMs / 1000)
      : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(Math.min(seconds, rule.ttl.maxSeconds, tokenLeft)));
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
function variants(headers: ReadonlyFields): readonly string[] {
  const names = (headers.get('vary') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return names.includes('accept-encoding') || headers.has('content-encoding') ? ['accept-encoding'] : [];
}
