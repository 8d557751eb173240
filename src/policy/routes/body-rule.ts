import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import { choice, count, list } from '../settings.ts';

/**
 * A route that is cached by the body of the request: docs/how-to/request-bodies.md
 *
 * - Always on CoreCache, whatever `cache_engine` says: Fastly's readthrough cache takes no POST. No shield.
 * - The lifetime is that of a GET. `Content-Location` (RFC 9110, 9.3.3) is not required. A response with `Set-Cookie` is not stored;
 *   `stripSetCookie` is rejected.
 * - QUERY: conditions and ranges as for a GET (304, 206), and `limits.retries`. POST: `If-None-Match` and `Range` have no effect, a stale
 *   response is fetched whole, and there are no retries.
 * - QUERY without `methods: ['QUERY']` passes (`query-method`), and purges nothing. At a GraphQL endpoint it counts as a write.
 * - QUERY from another origin is allowed on such a route, or by `cors.methods`.
 */
export interface BodyInput {
  /**
   * Methods of requests that only ask, and do so in their body: `['POST']`, `['QUERY']` (RFC 10008), or both. No purge follows them. GET and
   * HEAD are cached as on every route.
   */
  readonly methods?: readonly ('POST' | 'QUERY')[];
  /**
   * How the body becomes part of the key, and goes to the origin. `'json'`: in its one spelling (RFC 8785), so that white space and the
   * order of members do not count; over 20,000 values are not sorted. The media type is `application/json` or one with `+json`, optionally with
   * `charset=utf-8`. A body that parsers could read differently passes: a duplicate member; a number that JavaScript would change
   * (`12345678901234567890`, `1e400`, `-0`); a lone surrogate; a byte order mark; invalid UTF-8; text after the value; over 64 levels. `'bytes'`: as it came, with its `Content-Type`, which must be one media type.
   */
  readonly body?: 'json' | 'bytes';
  /** A longer body passes. Default 65536, at most 1048576. */
  readonly maxBodyBytes?: number;
}

export interface BodyRule {
  /** Upper case. */
  readonly methods: readonly string[];
  readonly form: 'json' | 'bytes';
  readonly maxBytes: number;
}

export const bodies = {
  methods: v.optional(list(choice('POST', 'QUERY'), '["POST"]', { atLeast: 1, atMost: 2 })),
  body: v.optional(choice('json', 'bytes')),
  maxBodyBytes: v.optional(count(1_048_576)),
};

/** What such a route must not say, and what it says without meaning. */
export function bodyProblems(
  at: string,
  route: BodyInput & {
    readonly lane?: 'public' | 'pass';
    readonly cache?: boolean;
    readonly graphql?: unknown;
    readonly stripSetCookie?: boolean;
  },
  report: Report,
): void {
  const { methods, body, maxBodyBytes } = route;
  const conflict = (setting: string, value: unknown, fix: string) =>
    report('POLICY_CONFLICT', `${at}.${setting}`, value, fix);
  if (methods === undefined) {
    const fix = 'Say which requests are cached by their body: methods: ["POST"] or ["QUERY"].';
    if (body !== undefined) conflict('body', body, fix);
    if (maxBodyBytes !== undefined) conflict('maxBodyBytes', maxBodyBytes, fix);
    return;
  }
  if (body === undefined)
    conflict('methods', methods, 'Say how the body is part of the key: body: "json" or "bytes".');
  if (route.graphql !== undefined && route.graphql !== false)
    conflict('methods', methods, 'A GraphQL endpoint reads its bodies itself: remove one of them.');
  if (route.lane === 'pass' || route.cache === false)
    conflict('methods', methods, 'Nothing of this route is ever stored: remove one of them.');
  if (route.stripSetCookie) {
    const fix = 'An answer to a body that sets a cookie is not stored (it may be a login): remove this.';
    conflict('stripSetCookie', true, fix);
  }
}

/** What may be meant, and should be known. */
export function bodyWarnings(
  at: string,
  { path, methods }: BodyInput & { readonly path: string },
): readonly string[] {
  if (!methods?.includes('POST') || !/(?<!\\)\*/.test(path)) return [];
  return [
    `${at}.methods: every POST to ${path} counts as one that only asks. One that writes there may be answered from the cache, and never reach the origin: name the paths that only ask.`,
  ];
}

/** null: nothing of the route is cached by its body. */
export function compileBody({ methods, body, maxBodyBytes }: BodyInput): BodyRule | null {
  if (methods === undefined || body === undefined) return null;
  return { methods: [...new Set(methods)].sort(), form: body, maxBytes: maxBodyBytes ?? 65_536 };
}
