import type { NamedFields } from '../http/fields.ts';
import { holdsOne } from '../http/holds-one.ts';
import type { FreshnessDecision } from './freshness/freshness-decision.ts';

const NONE: readonly string[] = [];

/**
 * What of an origin request is somebody's, and no part of the key: of a `traceparent` the trace, because a server writes itself into the
 * rest; of a `tracestate` each member, because it puts its own before them.
 *
 * @param names - Of `forwardHeaders`.
 */
export function forwardedValues(sent: NamedFields, names: readonly string[]): readonly string[] {
  if (names.length === 0) return NONE;
  const values: string[] = [];
  for (const name of names) {
    const value = sent.get(name) ?? '';
    if (name === 'traceparent') values.push(value.slice(3, 35));
    else for (const member of value.split(',')) values.push(member.trim());
  }
  return values;
}

/**
 * The decision on a response, by which none is stored that holds what was forwarded, or says that it depends on it.
 *
 * @param names - Of `forwardHeaders`.
 * @param fields - Of the response, all of them; or whether they hold one of the values.
 */
export function withoutEcho(
  decision: FreshnessDecision,
  names: readonly string[],
  values: readonly string[],
  fields: Iterable<readonly [string, string]> | { holdsOne(values: readonly string[]): boolean },
): FreshnessDecision {
  if (!decision.store || names.length === 0) return decision;
  let isEcho = 'holdsOne' in fields ? fields.holdsOne(values) : holdsOne(fields, values);
  for (const name of decision.unkeyedVary) isEcho ||= names.includes(name);
  return isEcho ? { ...decision, store: false, reason: 'forwarded-echo', ttlSeconds: 0 } : decision;
}
