import type { NamedFields } from '../../http/fields.ts';
import { parseHttpDate } from '../../http/http-date.ts';

/**
 * How old a response is on arrival, in whole seconds (RFC 9111 section 4.2.3): the larger of what `Date` and what `Age`
 * and the time on the way say.
 */
export function initialAgeSeconds(headers: NamedFields, requestedAtMs: number, nowMs: number): number {
  const date = headers.get('date');
  const dateMs = date === null ? null : parseHttpDate(date, nowMs);
  const apparentMs = dateMs === null ? 0 : Math.max(0, nowMs - dateMs);
  const delayMs = Math.max(0, nowMs - requestedAtMs);
  const age = ageSeconds(headers.get('age'));
  // Without an Age the response is the origin's own: Date has whole seconds, and a clock that is a little behind
  // must not make everything look a second old.
  if (age === null) return Math.floor(Math.max(0, apparentMs - 1000) / 1000);
  return Math.floor(Math.max(apparentMs, age * 1000 + delayMs) / 1000);
}

/** What a number that is too large counts as (RFC 9111 section 1.2.2). */
const OLDEST_SECONDS = 2 ** 31;

/** Of a list the first member; null for what is no number: such a field is ignored (RFC 9111 section 5.1). */
function ageSeconds(field: string | null): number | null {
  const first = field?.split(',', 1)[0]?.trim() ?? '';
  return /^\d+$/.test(first) ? Math.min(Number(first), OLDEST_SECONDS) : null;
}

/** Lifetime by `Expires` (RFC 9111 section 4.2.1): against `Date`; what is not a date is in the past. */
export function expiresLifetimeSeconds(headers: NamedFields, nowMs: number): number | null {
  const expires = headers.get('expires');
  if (expires === null) return null;
  const at = parseHttpDate(expires, nowMs);
  if (at === null) return 0;
  const date = headers.get('date');
  const from = (date === null ? null : parseHttpDate(date, nowMs)) ?? nowMs;
  return Math.max(0, Math.floor((at - from) / 1000));
}
