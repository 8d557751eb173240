import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import { flag, isNumber, isObject, isText, matching, object, oneOf, record, seconds } from '../settings.ts';

/**
 * The edge's time to live of one route, in seconds.
 * - `default`: used when a 200, 203, 204, 300, 301 or 308 comes without any freshness of its own.
 *   On an error status (4xx, 5xx) it is not used: see `negativeTtlSeconds`.
 * - `min`: raises a shorter positive freshness of a 200, 203, 204, 301 or 308. It never beats `no-store`, `no-cache`,
 *   `max-age=0`, or `private` outside a personal scope.
 * - `max`: caps any freshness, whatever its source.
 */
export interface TtlInput {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** How long what a route stores may be used: docs/concepts/caching.md */
export interface LifetimesInput {
  /** A number is short for `{ default: n }`. */
  readonly ttlSeconds?: number | TtlInput;
  /** How long it may be served stale while it is fetched again. Default: what the response says. `must-revalidate` and `proxy-revalidate` forbid it. */
  readonly staleWhileRevalidateSeconds?: number;
  /** How long it may be served stale while the origin fails. Default: what the response says. `must-revalidate` and `proxy-revalidate` forbid it. */
  readonly staleIfErrorSeconds?: number;
  /** `max-age` for the browser. Never outlives the token. Default: a scoped route revalidates (`private, no-cache`), a public one keeps the origin's field. Not on errors. */
  readonly browserTtlSeconds?: number;
  /** Negative caching: error status to seconds, where the origin states no freshness. `{ 404: 30 }` */
  readonly negativeTtlSeconds?: Readonly<Record<number, number>>;
  /** Never let the edge's copy outlive the token that fetched it. Default `false`: it may, because each HIT verifies the current token. */
  readonly capAtTokenExpiry?: boolean;
}

export interface TtlRule {
  readonly defaultSeconds: number | null;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** What freshness needs to know of a route's own times. */
export interface Lifetimes {
  readonly ttl: TtlRule;
  readonly staleWhileRevalidateSeconds: number | null;
  readonly staleIfErrorSeconds: number | null;
  readonly capAtTokenExpiry: boolean;
  /** Error status to seconds, for answers without freshness of their own. */
  readonly negativeTtlSeconds: Readonly<Record<number, number>>;
}

const ttl = object({
  default: v.optional(seconds),
  min: v.optional(seconds),
  max: v.optional(seconds),
});
const errorStatus = matching(/^[45]\d\d$/, 'Expected an error status from 400 to 599: { 404: 30 }.');

export const lifetimes = {
  ttlSeconds: v.optional(
    oneOf(
      'Expected a number of seconds, such as 300, or { default?, min?, max? }.',
      [(input) => isNumber(input) || isText(input), seconds],
      [isObject, ttl],
    ),
  ),
  staleWhileRevalidateSeconds: v.optional(seconds),
  staleIfErrorSeconds: v.optional(seconds),
  browserTtlSeconds: v.optional(seconds),
  negativeTtlSeconds: v.optional(record(seconds, errorStatus)),
  capAtTokenExpiry: v.optional(flag),
};

/** The settings that mean nothing where nothing is stored. */
export const TIMES = [
  'ttlSeconds',
  'staleWhileRevalidateSeconds',
  'staleIfErrorSeconds',
  'browserTtlSeconds',
] as const;

/** What is wrong with a time to live. */
export function lifetimeProblems(at: string, { ttlSeconds }: LifetimesInput, report: Report): void {
  if (typeof ttlSeconds !== 'object') return;
  const { default: standard, min = 0, max = Number.POSITIVE_INFINITY } = ttlSeconds;
  if (min > max) report('POLICY_TTL', `${at}.ttlSeconds`, ttlSeconds, 'min is above max: lower one of them.');
  if (standard !== undefined && (standard < min || standard > max)) {
    const fix = 'default lies outside min and max: choose one between them.';
    report('POLICY_TTL', `${at}.ttlSeconds`, ttlSeconds, fix);
  }
}

const MAX_TTL_SECONDS = 31_536_000;

export function compileLifetimes(input: LifetimesInput): Lifetimes {
  const ttl = typeof input.ttlSeconds === 'number' ? { default: input.ttlSeconds } : (input.ttlSeconds ?? {});
  return {
    ttl: {
      defaultSeconds: ttl.default ?? null,
      minSeconds: ttl.min ?? 0,
      maxSeconds: ttl.max ?? MAX_TTL_SECONDS,
    },
    staleWhileRevalidateSeconds: input.staleWhileRevalidateSeconds ?? null,
    staleIfErrorSeconds: input.staleIfErrorSeconds ?? null,
    capAtTokenExpiry: input.capAtTokenExpiry ?? false,
    negativeTtlSeconds: input.negativeTtlSeconds ?? {},
  };
}
