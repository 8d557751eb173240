import { type BuildInfo, UNBUILT } from '../build-info.ts';
import { asEdgeError } from '../errors.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Switches } from '../lanes/switches.ts';
import { readSwitches } from '../lanes/switches.ts';
import type { Platform } from '../platform/platform.ts';
import type { RequestContext } from '../platform/request-context.ts';
import type { Policy } from '../policy/policy.ts';
import type { Router } from '../routing/router.ts';
import { SHIELD_HEADER } from '../shield/seal.ts';
import { type Answer, failure } from './answer.ts';
import { answerByHandlers } from './answer-by-handlers.ts';
import { addDebugHeaders } from './debug-response.ts';
import { entranceOf, redirected } from './entrance.ts';
import { fetchPlanned } from './fetch-planned.ts';
import { createFinish, isSecure } from './finish-response.ts';
import { forgetSessions } from './forget-sessions.ts';
import type { EdgeHandlers } from './handlers/create-handlers.ts';
import { limitPasses } from './limit-passes.ts';
import { normalizeRequest } from './normalize-request.ts';
import { createOperatorHandler } from './operator-handler.ts';
import { requestLog } from './request-log.ts';
import { isLostHit, respond, respondByItself } from './respond.ts';
import { createSecondPass } from './second-pass.ts';
import { createService, startState } from './service.ts';
import sockets from './sockets/open-sockets.ts';
import { withFallback } from './with-fallback.ts';
import { writeLog } from './write-log.ts';

const NO_HANDLERS: EdgeHandlers = { match: () => [], onError: null };

/** The way of every request. The returned function never rejects: an error is an answer. */
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
      answer = failure(asEdgeError(cause), context.requestId, policy.cors);
    }
    const response = finish(context, answer);
    const record = requestLog(platform, context, startedMs, response.status, answer.log);
    if (facts?.debugToken !== undefined)
      await addDebugHeaders(facts.debugToken, response.headers, record, answer.plan, policy, platform);
    writeLog(platform, context, policy.logEndpoint, record, answer);
    return response;
  };

  /** The service's own paths, then the lanes: entered at once, or by handlers with the target that they have left. */
  function answerTo(context: RequestContext, facts: RequestFacts): Answer | Promise<Answer> {
    const switches = readSwitches(platform, policy);
    const entrance = entranceOf(facts, policy, switches, isSecure(context));
    if (entrance === 'https') return redirected(facts, policy.cors);
    if (entrance === 'operator') return answerOperator(context, facts);
    const own = handlers.match(facts.method, facts.path);
    const throughLanes = (moved: RequestFacts) => answerByLane(context, moved, switches);
    if (own.length === 0) return throughLanes(facts);
    return answerByHandlers(service, context, facts, own, handlers, throughLanes);
  }

  async function answerByLane(
    context: RequestContext,
    facts: RequestFacts,
    switches: Switches,
  ): Promise<Answer> {
    const { clientAddress, requestId } = context;
    const state = startState(service, context, facts.headers);
    const client = { address: clientAddress, isCounted: true };
    const planned = await service.plan({ client, facts, switches, readBody: state.body.bytes });
    const plan = limitPasses(platform, clientAddress, planned);
    if (plan.lane === 'pass' && plan.ownAnswer === 'websocket')
      return sockets.handOff(service, context, plan);
    if (plan.lane === 'pass' && plan.ownAnswer !== null) return respondByItself(service, plan);
    let fetched = await fetchPlanned(service, state, plan);
    const { sessionKeys } = service;
    if (sessionKeys !== null) fetched = await forgetSessions(platform, sessionKeys, plan, fetched);
    let answer = await respond(service, requestId, plan, fetched);
    if (isLostHit(fetched, answer))
      answer = await respond(service, requestId, plan, await fetchPlanned(service, state, plan));
    return withFallback(service, state, plan, answer);
  }
}
