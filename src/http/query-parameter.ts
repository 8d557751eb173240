import type { NamePatterns } from './name-pattern.ts';
import { readingsOf } from './name-readings.ts';

/** Nobody's parameter has a longer name. A pattern with several stars would take long over it. */
const MAX_NAME_LENGTH = 1024;
const SEPARATOR = /[&;]/;
/** Made once: the patterns come from the policy. */
const known = new WeakMap<NamePatterns, RegExp>();

/**
 * Whether a query has a parameter in whose name somebody may read one of these: encoded, more than once, in upper or lower case, before a `[`, and
 * behind a `;`, at which some split too.
 *
 * @param query - Raw, without `?`.
 */
export function hasParameter(query: string, patterns: NamePatterns): boolean {
  let readings = known.get(patterns);
  if (readings === undefined) {
    readings = readingsOf(patterns.names, patterns.globs);
    known.set(patterns, readings);
  }
  for (const text of query.split(SEPARATOR)) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (name.length > MAX_NAME_LENGTH || readings.test(name.replaceAll('+', ' '))) return true;
  }
  return false;
}
