import type { BuildInfo } from '../build-info.ts';
import { asEdgeError } from '../errors.ts';
import { createExplain } from '../explain/explain.ts';
import { clientNetwork } from '../http/client-network.ts';
import { ownKey } from '../identity/partition-of.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { bothLimiters, createFloorLimiter } from '../operator/floor-limiter.ts';
import purgeHooks from '../operator/hooks/receive-hook.ts';
import { answerOperator } from '../operator/operator.ts';
import type { OperatorAnswer } from '../operator/operator-answer.ts';
import { HOOK_PREFIX, SELF_PURGE_PATH } from '../operator/paths.ts';
import { selfPurge } from '../operator/self-purge.ts';
import type { RequestContext } from '../platform/request-context.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { type Answer, answerOf, failure } from './answer.ts';
import { bodyTimeouts, wholeClientBody } from './client-body.ts';
import { allowsCredentials, answerPreflight, isPreflight } from './cors.ts';
import type { EdgeHandlers } from './handlers/create-handlers.ts';
import type { LogFields } from './log-record.ts';
import type { Service } from './service.ts';
import { createStatus } from './status.ts';

/** A function that answers what is the service's own: the operator's endpoints, and a person's purge of their own. */
export function createOperatorHandler(
  service: Service,
  handlers: EdgeHandlers,
  build: BuildInfo,
): (context: RequestContext, facts: RequestFacts) => Promise<Answer> {
  const { policy, platform, engineFor } = service;
  const floor = policy.selfPurge && createFloorLimiter(policy.selfPurge, platform.nowMs, platform.coreCache);
  const hookFloor =
    policy.purgeHooks.size === 0
      ? null
      : createFloorLimiter(policy.hookLimit, platform.nowMs, platform.coreCache);
  const tools = {
    status: createStatus(service, build),
    explain: createExplain({
      policy,
      plan: service.plan,
      platform,
      engineOf: (wanted, work) => engineFor(wanted, work)?.engine ?? 'none',
      ownHandlers: (method, path) => handlers.match(method, path).length,
    }),
  };
  return async function operatorHandler(context, facts) {
    const isSelfPurge = facts.path === SELF_PURGE_PATH;
    // An application of another origin asks before it sends a token; the rest of the operator's is no browser's.
    if (isSelfPurge && policy.cors !== null && isPreflight(facts.method, facts.headers)) {
      const response = answerPreflight(policy.cors, facts.headers);
      const log = { lane: 'pass', reason: 'preflight', state: 'BYPASS', detail: 'answered' } as const;
      return answerOf(response, null, log);
    }
    if (isSelfPurge) return purgeSelf(context, facts);
    if (facts.path.startsWith(HOOK_PREFIX)) return receiveHook(context, facts);
    const log = { lane: 'operator', reason: 'operator', state: 'BYPASS' } as const;
    try {
      const { response, purged } = await answerOperator(
        context.request,
        facts.path,
        facts.headers,
        policy,
        platform,
        {
          ...tools,
          readBody: async (limitBytes) => new TextDecoder().decode(await bodyOf(context, facts, limitBytes)),
        },
      );
      return answerOf(response, policy.cors, log, { purged });
    } catch (cause) {
      return failure(asEdgeError(cause), context.requestId, policy.cors, log);
    }
  };

  function bodyOf(context: RequestContext, facts: RequestFacts, limitBytes: number): Promise<Uint8Array> {
    const stream = context.request.body as ReadableStream<Uint8Array> | null;
    const timeouts = bodyTimeouts({ nowMs: platform.nowMs, limits: policy.limits });
    return wholeClientBody(stream, facts.headers, limitBytes, timeouts);
  }

  async function receiveHook(context: RequestContext, facts: RequestFacts): Promise<Answer> {
    const name = facts.path.slice(HOOK_PREFIX.length);
    const log: LogFields = {
      lane: 'operator',
      reason: 'purge-hook',
      state: 'BYPASS',
      route: policy.purgeHooks.has(name) ? name : null,
    };
    try {
      const { response, purged } = await purgeHooks.receive(facts, {
        policy,
        platform,
        limiter: hookFloor === null ? NEVER : bothLimiters(hookFloor, platform.limiter(policy.hookLimit)),
        client: `hook:${clientNetwork(context.clientAddress ?? '')}`,
        readBody: (limitBytes) => bodyOf(context, facts, limitBytes),
        foldedPaths: service.router.foldedPaths,
      });
      const detail = purged === 0 ? 'nothing-named' : '';
      return answerOf(response, policy.cors, log, { purged, detail });
    } catch (cause) {
      return failure(asEdgeError(cause), context.requestId, policy.cors, log);
    }
  }

  async function purgeSelf(context: RequestContext, facts: RequestFacts): Promise<Answer> {
    const { revocation, badTokenLimit, selfPurge: rule, cors } = policy;
    const limiter = rule === null || floor === null ? NEVER : bothLimiters(floor, platform.limiter(rule));
    let log: LogFields = { lane: 'operator', reason: 'self-purge', state: 'BYPASS' };
    let keyTroubles: readonly string[] = [];

    async function authenticate(scope: Scope, isCounted: boolean) {
      const client = { address: context.clientAddress, isCounted };
      const result = await service.authenticate(client, facts, { scope, revocation, badTokenLimit });
      const { outcome, partition } = result;
      log = { ...log, ...result.log };
      keyTroubles = [...keyTroubles, ...result.keyTroubles];
      const key = outcome?.kind === 'verified' ? ownKey(outcome.identity, scope, partition) : null;
      return { outcome, key };
    }

    try {
      const isTrustedOrigin = (origin: string) => cors !== null && allowsCredentials(cors, origin);
      const { response, purged }: OperatorAnswer = await selfPurge(facts, {
        policy,
        platform,
        limiter,
        authenticate,
        isTrustedOrigin,
      });
      return { ...answerOf(response, cors, log, { purged }), keyTroubles };
    } catch (cause) {
      return { ...failure(asEdgeError(cause), context.requestId, cors, log), keyTroubles };
    }
  }
}

/** Where the policy has no such endpoint nobody comes so far. */
const NEVER = { isBlocked: () => true, count: () => true };
