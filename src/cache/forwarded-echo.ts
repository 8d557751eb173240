import type { NamedFields } from '../http/fields.ts';
import type { EvaluateResponse, ReceivedHead } from '../types/cache-engine.ts';
import type { FreshnessDecision } from '../types/freshness-decision.ts';

/** Fields of a grammar of their own, in which no origin writes a trace, and whose parts a client could send as one. */
const NOT_LOOKED_INTO: ReadonlySet<string> = new Set([
  'age',
  'alt-svc',
  'cache-control',
  'cdn-cache-control',
  'content-length',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'strict-transport-security',
  'surrogate-control',
  'vary',
]);
const NONE: readonly string[] = [];

/**
 * What of an origin request is somebody's, and no part of the key: of a `traceparent` the trace, because a server writes itself into the
 * rest; of a `tracestate` each member, because it puts its own before them.
 *
 * @param names - Of `forwardHeaders`.
 */
export function forwardedValues(sent: NamedFields, names: readonly string[]): readonly string[] {
  if (names.length === 0) return NONE;
  return names.flatMap((name) => {
    const value = sent.get(name);
    if (value === null) return [];
    if (name === 'traceparent') return value.split('-').slice(1, 2);
    return value
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== '');
  });
}

/** Whether a field holds one of the values. */
export function holdsOne(fields: Iterable<readonly [string, string]>, values: readonly string[]): boolean {
  for (const [name, text] of fields)
    if (!NOT_LOOKED_INTO.has(name) && values.some((value) => text.includes(value))) return true;
  return false;
}

/** The decision on a response that holds what was forwarded, or says that it depends on it. */
export function echoed(decision: FreshnessDecision): FreshnessDecision {
  return { ...decision, store: false, reason: 'forwarded-echo', ttlSeconds: 0 };
}

/** Whether a response says itself that it depends on a field that was forwarded. */
export function dependsOn(
  { unkeyedVary }: Pick<FreshnessDecision, 'unkeyedVary'>,
  names: readonly string[],
): boolean {
  return unkeyedVary.some((name) => names.includes(name));
}

/** An evaluation by which no response is stored that holds one of the values. The fields of what is evaluated can be listed. */
export function refusingEchoes(
  evaluate: EvaluateResponse,
  names: readonly string[],
  values: readonly string[],
): EvaluateResponse {
  if (values.length === 0) return evaluate;
  const checked = ({ headers }: ReceivedHead, decision: FreshnessDecision) => {
    if (!decision.store) return decision;
    const fields = headers as NamedFields & Iterable<[string, string]>;
    return dependsOn(decision, names) || holdsOne(fields, values) ? echoed(decision) : decision;
  };
  function evaluateChecked(head: ReceivedHead): FreshnessDecision;
  function evaluateChecked(head: ReceivedHead, body: Uint8Array | null): Promise<FreshnessDecision>;
  function evaluateChecked(head: ReceivedHead, body?: Uint8Array | null) {
    if (body === undefined) return checked(head, evaluate(head));
    return evaluate(head, body).then((decision) => checked(head, decision));
  }
  return evaluateChecked;
}
