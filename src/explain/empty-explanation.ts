import type { ExplainQuestion } from '../operator/explain-question.ts';
import type { Explanation } from './explanation.ts';

/** Until something else is known, the request is refused. */
export function emptyExplanation({ method, showValues }: ExplainQuestion): Explanation {
  return {
    v: 1,
    method,
    host: null,
    path: null,
    lane: 'reject',
    reason: 'error',
    status: null,
    code: null,
    route: null,
    routes: [],
    credential: null,
    scope: null,
    key: null,
    surrogateKeys: [],
    purgesAfterWrite: [],
    origin: null,
    engine: null,
    response: null,
    steps: [],
    valuesShown: showValues,
  };
}
