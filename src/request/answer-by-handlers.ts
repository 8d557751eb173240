import { asEdgeError } from '../errors.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { OPERATOR_PREFIX } from '../operator/paths.ts';
import type { RequestContext } from '../platform/request-context.ts';
import { type Answer, answerOf, failure } from './answer.ts';
import { withBodyTimeouts } from './client-body.ts';
import type { EdgeHandlers, MatchedHandler } from './handlers/create-handlers.ts';
import { runHandlers } from './handlers/run-handlers.ts';
import { movedTo } from './normalize-request.ts';
import { problem } from './problem.ts';
import { failureFields } from './request-log.ts';
import type { Service } from './service.ts';

/** Runs the handlers that match. They enter the lanes by the same door as everybody, with the target that they have left. */
export async function answerByHandlers(
  { policy, platform }: Service,
  context: RequestContext,
  facts: RequestFacts,
  handlers: readonly MatchedHandler[],
  { onError }: EdgeHandlers,
  throughLanes: (facts: RequestFacts) => Promise<Answer>,
): Promise<Answer> {
  const { requestId } = context;
  const { response, lanes, error } = await runHandlers({
    handlers,
    onError,
    facts,
    request: withBodyTimeouts(context.request, { nowMs: platform.nowMs, limits: policy.limits }),
    operatorPrefix: OPERATOR_PREFIX,
    problem: (error) => problem(error, requestId),
    async lanes(target) {
      try {
        return await throughLanes(movedTo(target, facts, policy));
      } catch (cause) {
        return failure(asEdgeError(cause), requestId, policy.cors);
      }
    },
  });
  const failed = error === null ? [] : [failureFields(error)];
  if (lanes !== null) {
    // What a handler gives in the place of a socket is an ordinary response.
    const isHandedOff = lanes.isHandedOff === true && response === lanes.response;
    return { ...lanes, response, isHandedOff, log: [...lanes.log, ...failed] };
  }
  const own = { lane: 'pass', reason: 'own-handler', state: 'BYPASS' } as const;
  return answerOf(response, policy.cors, ...(error === null ? [own] : failed));
}
