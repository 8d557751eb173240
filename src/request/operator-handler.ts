import type { BuildInfo } from '../build-info.ts';
import { createExplain } from '../explain/explain.ts';
import { ownKey } from '../identity/partition.ts';
import type { OperatorAnswer } from '../operator/answer.ts';
import { bothLimiters, createFloorLimiter } from '../operator/floor-limiter.ts';
import { answerOperator } from '../operator/operator.ts';
import { SELF_PURGE_PATH } from '../operator/paths.ts';
import { selfPurge } from '../operator/self-purge.ts';
import type { RequestFacts } from '../types/decision.ts';
import type { RequestContext } from '../types/platform.ts';
import { patienceWith, wholeClientBody } from './client-body.ts';
import { allowsCredentials } from './cors.ts';
import type { EdgeHandlers } from './handlers/create-handlers.ts';
import type { Judge } from './plan.ts';
import type { Journal } from './request-log.ts';
import type { Service } from './service.ts';
import { createStatus } from './status.ts';

/** A function that answers what is the service's own: the operator's endpoints, and a person's purge of their own. */
export function createOperatorDesk(
  service: Service,
  judge: Judge,
  handlers: EdgeHandlers,
  build: BuildInfo,
): (context: RequestContext, facts: RequestFacts, journal: Journal) => Promise<Response> {
  const { policy, router, platform, engineFor } = service;
  const floor = policy.selfPurge && createFloorLimiter(policy.selfPurge, platform.nowMs, platform.coreCache);
  const tools = {
    status: createStatus(service, build),
    explain: createExplain({
      policy,
      router,
      judge,
      platform,
      engineOf: (wanted, work) => engineFor(wanted, work)?.engine ?? 'none',
      ownHandlers: (method, path) => handlers.match(method, path).length,
    }),
  };

  return async function serveOperator(context, facts, journal) {
    const isSelfPurge = facts.path === SELF_PURGE_PATH;
    journal.note({ lane: 'operator', reason: isSelfPurge ? 'self-purge' : 'operator', state: 'BYPASS' });
    const { response, purged } = isSelfPurge
      ? await purgeSelf(context, facts, journal)
      : await answerOperator(context.request, facts.path, facts.headers, policy, platform, {
          ...tools,
          async readBody(limitBytes) {
            const stream = context.request.body as ReadableStream<Uint8Array> | null;
            const patience = patienceWith({ nowMs: platform.nowMs, limits: policy.limits });
            const bytes = await wholeClientBody(stream, facts.headers, limitBytes, patience);
            return new TextDecoder().decode(bytes);
          },
        });
    journal.note({ purged });
    return response;
  };

  function purgeSelf(
    { clientAddress }: RequestContext,
    facts: RequestFacts,
    journal: Journal,
  ): Promise<OperatorAnswer> {
    const { revocation, badTokenLimit, selfPurge: rule, cors } = policy;
    const limiter = rule === null || floor === null ? NEVER : bothLimiters(floor, platform.limiter(rule));
    return selfPurge(facts, {
      policy,
      platform,
      limiter,
      async whose(scope, isCounted) {
        const client = { address: clientAddress, isCounted };
        const rule = { scope, revocation, badTokenLimit };
        const { outcome, partition } = await judge.whose(client, facts, rule, journal.note);
        const key = outcome?.kind === 'verified' ? ownKey(outcome.identity, scope, partition) : null;
        return { outcome, key };
      },
      isTrustedOrigin: (origin) => cors !== null && allowsCredentials(cors, origin),
    });
  }
}

/** Where the policy has no self purge nobody comes so far. */
const NEVER = { isBlocked: () => true, count: () => true };
