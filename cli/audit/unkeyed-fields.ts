import { unkeyedFields } from '../../src/policy/request-fields/unkeyed-fields.ts';
import { promise, unproven } from './check.ts';
import type { Answer, Check, Target } from './types.ts';

const STATEMENT = 'the origin varies on nothing that the edge withholds from it';

/**
 * What an origin names in `Vary` and a route does not: whoever sends such a field gets past the cache. No promise is broken by that, but
 * where browsers send it nothing is shared.
 */
export function unkeyedFieldsCheck({ route }: Target, answers: readonly Answer[]): Check {
  const fields = new Set(
    answers.flatMap(({ headers }) => unkeyedFields(headers.get('vary') ?? null, route.freshness.knownVary)),
  );
  if (fields.size === 0) return promise('unkeyed-vary', STATEMENT, []);
  return unproven(
    'unkeyed-vary',
    STATEMENT,
    `Vary names ${[...fields].join(', ')}: who sends that gets past the cache. Add it to the route's vary, or to ignoreVary (docs/concepts/caching.md)`,
  );
}
