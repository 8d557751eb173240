import { createAskOperation } from '../graphql/ask-operation.ts';
import { createEdgeMemory } from '../identity/edge-memory.ts';
import type { Router } from '../router/router.ts';
import type { RequestFacts, Switches } from '../types/decision.ts';
import type { GraphqlRule, Policy } from '../types/policy.ts';
import {
  type Authenticate,
  type Client,
  createAuthenticate,
  type IdentityPlatform,
  identifyOn,
} from './authenticate.ts';
import { isPreflight } from './cors.ts';
import { decideLane } from './decide-lane.ts';
import type { Requirement } from './lane-input.ts';
import { planOfLane, preflightPlan, rejectPlan } from './plan-of-lane.ts';
import type { Credential, Plan, Planned } from './planned-request.ts';
import { createSessions } from './sessions.ts';

export interface PlanInput {
  readonly client: Client;
  readonly facts: RequestFacts;
  readonly switches: Switches;
  /** The body of a POST to a GraphQL endpoint; null: too long, or no text. Called for whoever is not refused without it. */
  readonly readBody: (limitBytes: number) => Promise<string | null>;
}

export interface Planner {
  /**
   * What the edge makes of a request: its route, whose it is, then its lane with all that follows from it. It has no effects but
   * those of verification: keys are fetched, revocations looked up, bad tokens counted where the client is.
   *
   * @throws {EdgeError} ERR_REQUEST_MALFORMED where the path has no route. What fails later is a plan that rejects.
   */
  plan(input: PlanInput): Promise<Plan>;
  readonly authenticate: Authenticate;
}

const NOBODY: Credential = { outcome: null, identity: null, partition: null, isEditor: false };

/** The edge acts on a plan and `explain` shows it, so that the two cannot differ. */
export function createPlanner(policy: Policy, router: Router, platform: IdentityPlatform): Planner {
  const identify = identifyOn(platform, policy);
  const authenticate = createAuthenticate(platform, identify);
  const validateSessions = createSessions(policy, platform, identify);
  const { coreCache } = platform;
  const askOperation = createAskOperation(policy, coreCache && createEdgeMemory(coreCache));
  return { authenticate, plan };

  async function plan({ client, facts, switches, readBody }: PlanInput): Promise<Plan> {
    const path = router.judgedAs(facts.path);
    const log = { route: path.matched.name };
    let planned: Planned = { facts, path, switches, credential: NOBODY, log, keyTroubles: [] };
    if (policy.cors !== null && path.route.cors && isPreflight(facts.method, facts.headers)) {
      return preflightPlan(planned, router);
    }
    try {
      planned = await withSessions(planned);
      const verified = await withCredential(planned, client);
      planned = verified.planned;
      const decision = laneOf(planned, verified.also);
      const { graphql } = path.route;
      if (graphql === null || decision.lane === 'reject') return planOfLane(planned, decision, router);
      // Decided again with what is asked: whoever is refused without that must cost no parsing.
      planned = await withOperation(planned, graphql, readBody);
      return planOfLane(planned, laneOf(planned, verified.also), router);
    } catch (cause) {
      return rejectPlan(planned, cause);
    }
  }

  function laneOf({ facts, path, switches, credential }: Planned, also: readonly Requirement[]) {
    const { route, isCmsPath, isLookalike, folded } = path;
    const { outcome: identity, partition } = credential;
    return decideLane({
      policy,
      facts,
      route,
      isCmsPath,
      isLookalike,
      folded,
      also,
      identity,
      partition,
      switches,
    });
  }

  async function withSessions(planned: Planned): Promise<Planned> {
    if (validateSessions === null) return planned;
    const { facts, isEditor, refused } = await validateSessions(planned.facts);
    const log = { ...planned.log, refusedCookies: refused };
    return { ...planned, facts, credential: { ...NOBODY, isEditor }, log };
  }

  /** What an origin may take for a scoped path is verified as that path is, and never cached. */
  async function withCredential(planned: Planned, client: Client) {
    const { facts, path, credential } = planned;
    const { outcome, partition, ...first } = await authenticate(client, facts, path.route);
    let log = { ...planned.log, ...first.log };
    let { keyTroubles } = first;
    const also: Requirement[] = [];
    for (const route of path.also) {
      // One bad token counts once.
      const again = { ...client, isCounted: client.isCounted && path.route.badTokenLimit === null };
      const asked = await authenticate(again, facts, route);
      also.push({ route, identity: asked.outcome, partition: asked.partition });
      log = { ...log, ...asked.log };
      keyTroubles = [...keyTroubles, ...asked.keyTroubles];
    }
    // Without a partition a request falls back to what an unverified one may do: then nothing verified goes out with it either.
    const identity = outcome?.kind === 'verified' && partition !== null ? outcome.identity : null;
    const known = { ...credential, outcome, identity, partition };
    return { planned: { ...planned, credential: known, log, keyTroubles }, also };
  }

  async function withOperation(
    planned: Planned,
    rule: GraphqlRule,
    readBody: PlanInput['readBody'],
  ): Promise<Planned> {
    const { facts } = planned;
    const operation = await askOperation(facts, rule, ({ limits }) => readBody(limits.bodyBytes));
    return { ...planned, facts: { ...facts, operation } };
  }
}
