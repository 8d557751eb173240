import type { Lane } from '../../src/lanes/lane.ts';
import { expiryOf } from './jwt.ts';
import type { Answer, AuditContext, Persona, Target } from './types.ts';

const NO_STORE = 'private, no-store, max-age=0';
/** Between the answer and now, and between two clocks. */
const SLACK_SECONDS = 5;

/**
 * What is wrong with the Cache-Control of an answer, by docs/concepts/caching.md; null: nothing. The public lane keeps the origin's, which
 * `public-pages.ts` compares.
 */
export function cacheControlFault(
  { nowSeconds }: Pick<AuditContext, 'nowSeconds'>,
  { route }: Target,
  { jwt }: Persona,
  lane: Lane,
  { headers, status }: Answer,
): string | null {
  const given = headers.get('cache-control');
  if (given === undefined) return lane === 'public' ? null : 'Cache-Control is missing';
  if (lane === 'public') return null;
  if (given === NO_STORE) return null;
  if (lane !== 'scoped') return `Cache-Control is "${given}", not "${NO_STORE}"`;
  if (route.browserTtlSeconds === null || status >= 400)
    return given === 'private, no-cache' ? null : `Cache-Control is "${given}", not "private, no-cache"`;
  const seconds = Number(/^private, max-age=(\d+)$/.exec(given)?.[1] ?? Number.NaN);
  if (Number.isNaN(seconds)) return `Cache-Control is "${given}", not "private, max-age=…"`;
  const expiry = expiryOf(jwt);
  const limit = Math.min(
    route.browserTtlSeconds,
    expiry === null ? Number.POSITIVE_INFINITY : Math.max(0, expiry - nowSeconds() + SLACK_SECONDS),
  );
  return seconds <= limit
    ? null
    : `the browser may keep it for ${seconds} s, longer than the policy or the token allows`;
}
