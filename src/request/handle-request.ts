import { type BuildInfo, UNBUILT } from '../build-info.ts';
import { asEdgeError } from '../errors.ts';
import type { Router } from '../router/router.ts';
import { SHIELD_HEADER } from '../shield/seal.ts';
import type { RequestFacts, Switches } from '../types/decision.ts';
import type { Platform, RequestContext } from '../types/platform.ts';
import type { Policy } from '../types/policy.ts';
import { type Answer, failure, nothingLeft } from './answer.ts';
import { answerByHandlers } from './answer-by-handlers.ts';
import { addDebugHeaders } from './debug-response.ts';
import { entranceOf } from './entrance.ts';
import { fetchPlanned } from './fetch-planned.ts';
import { createFinish, isSecure } from './finish-response.ts';
import type { EdgeHandlers } from './handlers/create-handlers.ts';
import { redirectToHttps } from './https.ts';
import { limitPasses } from './limit-passes.ts';
import { normalizeRequest } from './normalize-request.ts';
import { createOperatorHandler } from './operator-handler.ts';
import { requestBody } from './request-body.ts';
import { requestLog } from './request-log.ts';
import { isLostHit, respond, respondByItself } from './respond.ts';
import { createSecondPass } from './second-pass.ts';
import { createService } from './service.ts';
import { readSwitches } from './switches.ts';
import { withFallback } from './with-fallback.ts';
import { writeLog } from './write-log.ts';

const NO_HANDLERS: EdgeHandlers = { match: () => [], onError: null };
const REDIRECTED = { lane: 'reject', reason: 'https-redirect', state: 'BYPASS' } as const;

/** The way of every request, from its beginning to its line in the log. The returned function never rejects: an error is an answer. */
export function createRequestHandler(
  policy: Policy,
  router: Router,
  bare: Platform,
  handlers: EdgeHandlers = NO_HANDLERS,
  build: BuildInfo = UNBUILT,
): (context: RequestContext) => Promise<Response> {
  const service = createService(policy, router, bare);
  const { platform } = service;
  const answerOperator = createOperatorHandler(service, handlers, build);
  const secondPass = createSecondPass(service);
  const finish = createFinish(policy);

  return async function handleRequest(context) {
    const startedMs = platform.nowMs();
    let facts: RequestFacts | null = null;
    let answer: Answer;
    try {
      const sealed = secondPass === null ? null : context.request.headers.get(SHIELD_HEADER);
      if (secondPass !== null && sealed !== null) answer = await secondPass(sealed, context);
      else {
        facts = normalizeRequest(context.request, policy);
        answer = await answerTo(context, facts);
      }
    } catch (cause) {
      answer = failure(asEdgeError(cause), context.requestId, {}, nothingLeft(policy.cors));
    }
    const response = finish(context, answer);
    const record = requestLog(platform, context, startedMs, response.status, answer.log);
    const debugToken = facts?.debugToken;
    if (debugToken !== undefined)
      await addDebugHeaders(debugToken, response.headers, record, answer.plan, policy, platform);
    writeLog(platform, context, policy.logEndpoint, record, answer);
    return response;
  };

  /** What is answered before the lanes, and what enters them: by itself, or behind handlers. */
  async function answerTo(context: RequestContext, facts: RequestFacts): Promise<Answer> {
    const switches = readSwitches(platform, policy);
    const entrance = entranceOf(facts, policy, switches, isSecure(context), handlers);
    if (entrance.to === 'https')
      return { ...nothingLeft(policy.cors), response: redirectToHttps(facts), error: null, log: REDIRECTED };
    if (entrance.to === 'operator') return answerOperator(context, facts);
    const throughLanes = (moved: RequestFacts) => answerByLane(context, moved, switches);
    if (entrance.handlers.length === 0) return throughLanes(facts);
    return answerByHandlers(service, context, facts, entrance.handlers, handlers, throughLanes);
  }

  /** Plan, fetch, respond. */
  async function answerByLane(
    context: RequestContext,
    facts: RequestFacts,
    switches: Switches,
  ): Promise<Answer> {
    const { clientAddress, requestId } = context;
    const body = requestBody(context.request, facts.headers, {
      nowMs: platform.nowMs,
      limits: policy.limits,
    });
    const client = { address: clientAddress, isCounted: true };
    const planned = await service.plan({ client, facts, switches, readBody: body.text });
    const plan = limitPasses(platform, clientAddress, planned);
    if (plan.lane === 'pass' && plan.ownAnswer !== null) return respondByItself(service, plan);
    const state = { context, body };
    let fetched = await fetchPlanned(service, state, plan);
    let answer = await respond(service, requestId, plan, fetched);
    if (isLostHit(fetched, answer)) {
      fetched = await fetchPlanned(service, state, plan);
      answer = await respond(service, requestId, plan, fetched);
    }
    return withFallback(service, state, plan, answer);
  }
}
