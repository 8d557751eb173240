import type { CacheResult } from '../cache/cache-engine.ts';
import { cacheStatus } from '../http/cache-status.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { isHopByHop, stripHopByHop } from '../http/hop-by-hop.ts';
import { NO_STORE } from '../http/no-store.ts';
import { addVary } from '../http/vary.ts';
import type { Identity } from '../identity/identity.ts';
import { BoundedMap } from '../keys/bounded-map.ts';
import type { CacheDecision, PassDecision } from '../lanes/decision.ts';
import type { Route } from '../policy/routes/route.ts';

/**
 * Fields that are meant for caches and servers like this one, or tell of its internals: a cache before the edge could obey them, whatever our
 * `Cache-Control` says. By their beginnings, or as a whole.
 */
const INTERNAL =
  /^(?:surrogate-|fastly-|x-claimcache-|edge-|akamai-|x-akamai-|x-accel-|x-sendfile|x-lighttpd-send-|x-litespeed-|x-reproxy-|x-cache(?:-|able|$)|x-esi|(?:.+-)?cache-tags?$|(?:.*-)?xkey$|.+-cache-control$|x-auth-route$|x-timer$|x-served-by$)/;

/** Names that origins send, each looked at once: a pattern of that size costs what a look-up does not. */
const known = new BoundedMap<string, boolean>(100);

function staysInside(name: string): boolean {
  let stays = known.get(name);
  if (stays === undefined) {
    stays = isHopByHop(name) || INTERNAL.test(name);
    known.set(name, stays);
  }
  return stays;
}

/** Response headers of the pass lane. */
export function passHeaders(origin: ReadonlyFields, decision: PassDecision): HeaderFields {
  const headers = outward(origin);
  if (decision.noStore) {
    headers.set('cache-control', NO_STORE);
    headers.delete('expires');
    headers.delete('pragma');
  } else if (differsByAddress(decision.route)) keepPrivate(headers, null);
  if (decision.authenticated) headers.set('x-auth-route', 'true');
  addVary(headers, decision.route.credentialFields);
  headers.set('x-cache', 'BYPASS');
  headers.set(
    'cache-status',
    cacheStatus({ state: 'BYPASS', detail: decision.reason, ttlSeconds: 0, stored: false }),
  );
  return headers;
}

/** Response headers of the public and the scoped lane. */
export function cachedHeaders(
  result: CacheResult,
  decision: CacheDecision,
  identity: Identity | null,
  nowMs: number,
): HeaderFields {
  const headers = outward(result.headers);
  const { route } = decision;
  if (decision.lane === 'scoped') {
    headers.set('cache-control', scopedCacheControl(result, route, identity, nowMs));
    headers.delete('expires');
    headers.delete('pragma');
  } else if (differsByAddress(route)) {
    keepPrivate(headers, result.status < 400 ? route.browserTtlSeconds : null);
  } else if (
    route.browserTtlSeconds !== null &&
    // No failure is to be kept for that long, nor what was meant for the one who asked.
    result.status < 400 &&
    !headers.has('set-cookie') &&
    !forbids(NOT_FOR_SHARED, headers)
  ) {
    headers.set('cache-control', `public, max-age=${route.browserTtlSeconds}`);
    headers.delete('expires');
  }
  // A browser must not show the page of one user, or of nobody, to the next one on the same machine.
  // An origin that says Vary knows best; one that says nothing may still have used what it was sent.
  if (!headers.has('vary')) addVary(headers, route.vary);
  addVary(headers, route.credentialFields);
  if (result.state !== 'BYPASS') headers.set('age', wholeSeconds(result.ageSeconds));
  headers.set('x-cache', result.state);
  headers.set('cache-status', cacheStatus(result));
  return headers;
}

/** No `Vary` can name an address: what differs by that is for nobody who stands between the edge and the browser. */
function differsByAddress({ variants }: Route): boolean {
  return variants !== null && variants.countries !== null;
}

function keepPrivate(headers: HeaderFields, browserTtlSeconds: number | null): void {
  const isKept =
    browserTtlSeconds !== null && !headers.has('set-cookie') && !forbids(NOT_FOR_SHARED, headers);
  if (!forbids(NO_STORE_DIRECTIVE, headers)) {
    headers.set('cache-control', isKept ? `private, max-age=${browserTtlSeconds}` : 'private, no-cache');
  }
  headers.delete('expires');
  headers.delete('pragma');
}

function scopedCacheControl(
  result: CacheResult,
  route: Route,
  identity: Identity | null,
  nowMs: number,
): string {
  if (forbids(NO_STORE_DIRECTIVE, result.headers)) return NO_STORE;
  if (route.browserTtlSeconds === null || identity === null || result.status >= 400)
    return 'private, no-cache';
  const tokenLeft = Math.floor(identity.expiresAtSeconds - nowMs / 1000);
  return `private, max-age=${Math.max(0, Math.min(route.browserTtlSeconds, tokenLeft))}`;
}

/** `Age` is a whole number of at most 2^31 (RFC 9111 section 1.2.2), also where the platform counts in fractions. */
function wholeSeconds(seconds: number): string {
  return String(Math.min(2 ** 31, Math.max(0, Math.floor(seconds))));
}

const NO_STORE_DIRECTIVE = /(?:^|[\s,])no-store(?:$|[\s,=])/i;
const NOT_FOR_SHARED = /(?:^|[\s,])(?:no-store|no-cache|private)(?:$|[\s,=])/i;

function forbids(directive: RegExp, headers: ReadonlyFields): boolean {
  return directive.test(headers.get('cache-control') ?? '');
}

function outward(origin: ReadonlyFields): HeaderFields {
  const headers = new HeaderFields(origin);
  stripHopByHop(headers, [], staysInside);
  return headers;
}
