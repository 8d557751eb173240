import { EdgeError } from '../errors.ts';
import { evaluateResponse } from '../request/evaluate-response.ts';
import { responseCookies } from '../request/response-cookies.ts';
import { cachedHeaders, passHeaders } from '../request/response-headers.ts';
import type { CacheDecision, PassDecision, RequestFacts } from '../types/decision.ts';
import type { ReadonlyFields } from '../types/fields.ts';
import type { FreshnessDecision } from '../types/freshness.ts';
import type { Identity } from '../types/identity.ts';
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
  facts: RequestFacts,
  decision: CacheDecision | PassDecision,
  identity: Identity | null,
  { status, headers }: { readonly status: number; readonly headers: Headers },
  nowMs: number,
): ResponseReport {
  if (decision.lane === 'pass') return passed(decision, status, headers);
  let verdict: FreshnessDecision;
  try {
    const answer = { status, headers, requestedAtMs: nowMs, nowMs };
    verdict = evaluateResponse(facts.path, decision, identity, answer);
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
    client: cachedClient(facts, verdict, decision, identity, { status, headers }, nowMs),
  };
}

function cachedClient(
  facts: RequestFacts,
  verdict: FreshnessDecision,
  decision: CacheDecision,
  identity: Identity | null,
  { status, headers }: { readonly status: number; readonly headers: Headers },
  nowMs: number,
): ResponseReport['client'] {
  const kept = new Headers(headers);
  if (verdict.store) kept.delete('set-cookie');
  const answer = responseCookies(kept, facts, decision, identity, nowMs);
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
  return seenByClient(cachedHeaders(result, decision, identity, nowMs));
}

function passed(decision: PassDecision, status: number, headers: Headers): ResponseReport {
  const client = seenByClient(passHeaders(headers, decision));
  return { ...UNSTORED, status, reason: null, code: null, client };
}

function seenByClient(headers: ReadonlyFields): ResponseReport['client'] {
  return {
    cacheControl: headers.get('cache-control'),
    vary: headers.get('vary'),
    setsCookie: headers.has('set-cookie'),
  };
}
