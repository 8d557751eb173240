import { forwardedValues, withoutEcho } from '../cache/forwarded-echo.ts';
import type { FreshnessDecision } from '../cache/freshness/freshness-decision.ts';
import { EdgeError } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { traceFields } from '../http/trace-fields.ts';
import { evaluateResponse } from '../request/evaluate-response.ts';
import type { CachePlan, PassPlan } from '../request/planned-request.ts';
import { responseCookies } from '../request/response-cookies.ts';
import { cachedHeaders, passHeaders } from '../request/response-headers.ts';
import type { ResponseReport } from './explanation.ts';

const UNSTORED = {
  stored: false,
  ttlSeconds: 0,
  staleWhileRevalidateSeconds: 0,
  staleIfErrorSeconds: 0,
  arithmetic: null,
  originSurrogateKeys: [],
  unkeyedVary: [],
  notes: [],
} as const;

/** What becomes of an answer of the origin, as if it came this moment. */
export function describeResponse(
  plan: CachePlan | PassPlan,
  { status, headers }: { readonly status: number; readonly headers: Headers },
  nowMs: number,
  forwardHeaders: readonly string[],
): ResponseReport {
  if (plan.lane === 'pass') return passed(plan, status, headers);
  let verdict: FreshnessDecision;
  try {
    const answer = { status, headers, requestedAtMs: nowMs, nowMs };
    const found = evaluateResponse(plan.facts.path, plan, plan.tokenExpiresAtSeconds, answer, plan.freshness);
    // The request id is made when a request comes: nobody can answer with it here.
    const sent = traceFields(forwardHeaders, plan.facts.headers, '');
    const forwarded = forwardedValues(
      new HeaderFields(sent.map(([name, value]) => [name, value ?? ''])),
      forwardHeaders,
    );
    verdict = withoutEcho(found, forwardHeaders, forwarded, headers);
  } catch (error) {
    if (!(error instanceof EdgeError)) throw error;
    return { ...UNSTORED, status: error.status, reason: null, code: error.code, client: null };
  }
  return {
    status,
    stored: verdict.store,
    reason: verdict.reason,
    code: null,
    ttlSeconds: verdict.ttlSeconds,
    staleWhileRevalidateSeconds: verdict.staleWhileRevalidateSeconds,
    staleIfErrorSeconds: verdict.staleIfErrorSeconds,
    arithmetic: verdict.arithmetic,
    originSurrogateKeys: verdict.originSurrogateKeys,
    unkeyedVary: verdict.unkeyedVary,
    notes: verdict.notes,
    client: cachedClient(verdict, plan, { status, headers }, nowMs),
  };
}

function cachedClient(
  verdict: FreshnessDecision,
  plan: CachePlan,
  { status, headers }: { readonly status: number; readonly headers: Headers },
  nowMs: number,
): ResponseReport['client'] {
  const { identity } = plan.credential;
  const kept = new Headers(headers);
  if (verdict.store) kept.delete('set-cookie');
  const answer = responseCookies(kept, plan.facts, plan, identity, nowMs);
  const result = {
    state: 'MISS',
    status,
    headers: answer.headers,
    body: null,
    ageSeconds: verdict.initialAgeSeconds,
    ttlSeconds: verdict.ttlSeconds,
    stored: verdict.store,
    detail: verdict.reason,
    originMs: null,
  } as const;
  return seenByClient(cachedHeaders(result, plan, identity, nowMs));
}

function passed(plan: PassPlan, status: number, headers: Headers): ResponseReport {
  const client = seenByClient(passHeaders(headers, plan));
  return { ...UNSTORED, status, reason: null, code: null, client };
}

function seenByClient(headers: ReadonlyFields): ResponseReport['client'] {
  return {
    cacheControl: headers.get('cache-control'),
    vary: headers.get('vary'),
    setsCookie: headers.has('set-cookie'),
  };
}
