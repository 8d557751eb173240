import type { Decision } from '../../lanes/decision.ts';
import type { Requirement } from '../../lanes/lane-input.ts';
import type { RequestFacts } from '../../lanes/request-facts.ts';
import type { Platform } from '../../platform/platform.ts';
import type { RequestContext } from '../../platform/request-context.ts';
import type { Policy } from '../../policy/policy.ts';
import type { WebsocketRule } from '../../policy/routes/websocket-rule.ts';
import type { Router } from '../../routing/router.ts';
import type { Answer } from '../answer.ts';
import type { PassPlan, Plan, Planned } from '../planned-request.ts';

/** What handing a request over needs. */
export interface SocketDeps {
  readonly policy: Policy;
  readonly platform: Pick<Platform, 'handOff'>;
}

/** Opening sockets. In a service whose policy has no route for them the build puts `absent-sockets.ts` in its place. */
export interface Sockets {
  /** Whether a request asks for one (RFC 6455 section 4.1). */
  isAsked(facts: RequestFacts): boolean;
  /** What becomes of it, for a request that its route does not refuse. */
  plan(
    planned: Planned,
    decision: Exclude<Decision, { lane: 'reject' }>,
    also: readonly Requirement[],
    rule: WebsocketRule,
    router: Pick<Router, 'originOf'>,
  ): Plan;
  /** Hands the request to its backend, unless something is in it that the backend would otherwise not get. */
  handOff(deps: SocketDeps, context: RequestContext, plan: PassPlan): Answer;
}
