import { asEdgeError, EdgeError } from '../errors.ts';
import type { Encoding } from '../http/accept-encoding.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { stripHopByHop } from '../http/hop-by-hop.ts';
import { readSwitches } from '../lanes/switches.ts';
import { HttpCacheDisabled } from '../platform/http-cache-port.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { RequestContext } from '../platform/request-context.ts';
import { createOpenSealed, type Opened } from '../shield/open-sealed.ts';
import type { RelayedCache, RelayedPass } from '../shield/relay-plan.ts';
import { SHIELD_CODE_HEADER, SHIELD_LENGTH_HEADER, SHIELD_STATE_HEADER } from '../shield/shield-answer.ts';
import { type Answer, answerOf, failure } from './answer.ts';
import { askAround } from './ask-around.ts';
import { fetchFromCache } from './fetch-from-cache.ts';
import type { CacheWork, Failed, Found, Outcome } from './fetched.ts';
import type { LogFields } from './log-record.ts';
import { isLostHit } from './respond.ts';
import { selectResponse } from './select-response.ts';
import { type Service, startState } from './service.ts';

/**
 * The second pass, at a shield: a function that takes up what the first pass has read, verified and decided, because
 * its seal says so, and does what is left: the look-up, the origin, the purge. It never rejects and never asks a shield
 * itself. null where no origin of the policy has a shield.
 */
export function createSecondPass(
  service: Service,
): ((sealed: string, context: RequestContext) => Promise<Answer>) | null {
  const { policy, platform } = service;
  if (policy.origins.every(({ shield }) => shield === null)) return null;
  const openSealed = createOpenSealed(platform, policy);

  return async function secondPass(sealed, context) {
    let log: LogFields = { tier: 'shield' };
    let { requestId } = context;
    try {
      const opened = await openSealed(sealed, context.request);
      ({ requestId } = opened.relay);
      const { plan, route } = opened.relay;
      log = { ...log, requestId, route, lane: plan.lane, reason: plan.reason };
      const { body: sent } = startState(service, context, context.request.headers);
      const body = await sent.forOrigin();
      const request = { ...opened.request, body };
      return plan.lane === 'pass'
        ? await passed(opened, plan, request, log)
        : await cached(opened, plan, request, context, log);
    } catch (cause) {
      return failedAnswer(asEdgeError(cause), requestId, { log, background: null });
    }
  };

  async function cached(
    opened: Opened,
    plan: RelayedCache,
    request: OriginRequest,
    context: RequestContext,
    log: LogFields,
  ): Promise<Answer> {
    const engine = service.engineFor(readSwitches(platform, policy).engine);
    if (engine === null) throw new EdgeError('ERR_SHIELD_REFUSED', { cause: new Error('no cache here') });
    const encoding = (request.headers.get('accept-encoding') ?? 'identity') as Encoding;
    const work: CacheWork = { ...plan, route: opened.route, facts: opened.facts, encoding };
    const look = () => fetchFromCache(service, context, engine, work, () => request);
    const found = await look();
    const answer = await respondInward(opened, found, log);
    return found !== null && isLostHit(found, answer) ? respondInward(opened, await look(), log) : answer;
  }

  async function respondInward(
    { facts, relay }: Opened,
    fetched: Found | Failed | null,
    known: LogFields,
  ): Promise<Answer> {
    if (fetched === null) throw new HttpCacheDisabled('no engine');
    const found = { ...fetched, log: { ...known, ...fetched.log } };
    if (found.kind === 'failed') return failedAnswer(found.error, relay.requestId, found);
    const { status, body, state, ageSeconds, headers: stored } = found.result;
    // The first pass sends none of the fields that it withholds, and decides for itself.
    if (!found.isForClient) {
      body?.discard();
      return failedAnswer(new EdgeError('ERR_SHIELD_REFUSED'), relay.requestId, found);
    }
    const headers = inward(stored);
    if (state !== 'BYPASS') headers.set('age', String(ageSeconds));
    const length = headers.get('content-length');
    if (length !== null) headers.set(SHIELD_LENGTH_HEADER, length);
    try {
      return answered(await selectResponse(facts, { status, body }, headers, platform), state, found);
    } catch (cause) {
      return failedAnswer(asEdgeError(cause), relay.requestId, found);
    }
  }

  async function passed(
    { facts, relay }: Opened,
    { reason, purgeAfterWrite }: RelayedPass,
    request: OriginRequest,
    known: LogFields,
  ): Promise<Answer> {
    const asked = await askAround(service, request, { facts, reason, purgeAfterWrite }, () => false);
    const outcome = { log: { ...known, state: 'BYPASS', ...asked.log }, background: null } as const;
    if (asked.kind === 'failed') return failedAnswer(asked.error, relay.requestId, outcome);
    const { status, headers, body } = asked.response;
    const sent = facts.method === 'HEAD' ? null : body;
    return answered(platform.respond(status, inward(headers), sent), 'PASS', outcome);
  }
}

/** The first pass finishes what it gets: no CORS, no debug headers. */
function answered(response: Response, state: string, { log, background }: Outcome): Answer {
  return { ...answerOf(marked(response, state), null, log), background };
}

function failedAnswer(error: EdgeError, requestId: string, { log, background }: Outcome): Answer {
  const answer = failure(error, requestId, null, log);
  return { ...answer, response: marked(answer.response, 'ERROR', error.code), background };
}

/** The origin's own headers: the first pass decides by them as if it had asked itself. */
function inward(origin: ReadonlyFields): HeaderFields {
  const headers = new HeaderFields(origin);
  stripHopByHop(headers);
  for (const name of headers.keys()) if (name.startsWith('x-claimcache-')) headers.delete(name);
  return headers;
}

function marked(response: Response, state: string, code?: string): Response {
  response.headers.set(SHIELD_STATE_HEADER, state);
  if (code !== undefined) response.headers.set(SHIELD_CODE_HEADER, code);
  return response;
}
