import type { EditableFields, Fields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { removeSetCookie } from '../http/set-cookie.ts';
import { originFailure } from '../origin/origin-failure.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import { streamSource } from './body-source.ts';
import type { CacheResult, CacheTask, TaskCalls } from './cache-engine.ts';
import type { FreshnessDecision } from './freshness/freshness-decision.ts';
import { announcedLength } from './store-body.ts';

/** An answer of the origin that is handed on without being stored. */
export function notStored(
  task: CacheTask,
  response: Response,
  headers: Fields,
  facts: Pick<CacheResult, 'detail' | 'originMs' | 'ageSeconds'>,
): CacheResult {
  const { body } = response;
  return {
    state: 'MISS',
    status: response.status,
    headers,
    body: body === null ? null : streamSource(body, announcedLength(response.headers), task),
    ttlSeconds: 0,
    stored: false,
    ...facts,
  };
}

/** What stands for an answer that is not the right one for a client, where that is known before anybody is asked. */
export function notForThisClient(unkeyedVary: readonly string[]): CacheResult {
  return {
    state: 'BYPASS',
    status: 0,
    headers: new HeaderFields(),
    body: null,
    ageSeconds: 0,
    ttlSeconds: 0,
    stored: false,
    detail: 'vary-unkeyed',
    originMs: null,
    unkeyedVary,
  };
}

/** Around the cache: what is there is neither used nor replaced. */
export async function fetchAlone(
  task: CacheTask,
  { originRequest, evaluate }: TaskCalls,
  detail: string,
  fetchOrigin: (request: OriginRequest) => Promise<Response>,
  nowMs: () => number,
): Promise<CacheResult> {
  const requestedAtMs = nowMs();
  const response = await fetchOrigin(originRequest()).catch((error: unknown) => {
    throw originFailure(error);
  });
  const headers = new HeaderFields(response.headers);
  const decision = evaluate({ status: response.status, headers, requestedAtMs });
  withoutStrippedCookies(decision, headers);
  const facts = { detail, originMs: nowMs() - requestedAtMs, ageSeconds: decision.initialAgeSeconds };
  return { ...notStored(task, response, headers, facts), state: 'BYPASS' };
}

/**
 * What may be stored is stored without its cookies (`stripSetCookie`, `stripSetCookies`), and whoever fetched it gets what is stored. In
 * place: a response on its way into Fastly's HTTP cache has no headers but its own.
 */
export function withoutStrippedCookies(
  { store }: Pick<FreshnessDecision, 'store'>,
  headers: EditableFields,
): void {
  if (store) removeSetCookie(headers);
}
