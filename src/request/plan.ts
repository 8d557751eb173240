import { UNREAD } from '../bodies/content.ts';
import { readContent } from '../bodies/read-content.ts';
import { createAskOperation } from '../graphql/ask-operation.ts';
import { createEdgeKv } from '../identity/edge-kv.ts';
import type { Lookup } from '../identity/lookup/lookup.ts';
import { variantOf } from '../identity/variant.ts';
import { MAX_PLAIN_URL, prepareUrlKeys } from '../keys/surrogate-key.ts';
import { decideLane } from '../lanes/decide-lane.ts';
import type { Requirement } from '../lanes/lane-input.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Switches } from '../lanes/switches.ts';
import type { Policy } from '../policy/policy.ts';
import type { Route } from '../policy/routes/route.ts';
import type { ResolvedPath, Router } from '../routing/router.ts';
import {
  type Authenticate,
  type AuthResult,
  type Client,
  createAuthenticate,
  type IdentityPlatform,
  identifyOn,
  lookupOn,
  NOT_ASKED,
} from './authenticate.ts';
import { isPreflight } from './cors.ts';
import { planOfLane, preflightPlan, rejectPlan, withPlatformKey } from './plan-of-lane.ts';
import type { Plan, Planned } from './planned-request.ts';
import { createSessions, type Session } from './sessions.ts';
import sockets from './sockets/open-sockets.ts';
import { visitorOf } from './visitor.ts';

export interface PlanInput {
  readonly client: Client;
  readonly facts: RequestFacts;
  readonly switches: Switches;
  /** The body of a request, where what it asks stands there; null: too long, or not there. Called for whoever is not refused without it. */
  readonly readBody: (limitBytes: number, mayWrite: boolean) => Promise<Uint8Array | null>;
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
  /** By which keys what is known of a request's session cookies can be purged; null where no provider asks about sessions. */
  readonly sessionKeys: Lookup['keysOf'] | null;
}

/** The edge acts on a plan and `explain` shows it, so that the two cannot differ. */
export function createPlanner(policy: Policy, router: Router, platform: IdentityPlatform): Planner {
  const lookup = lookupOn(platform, policy);
  const identify = identifyOn(platform, policy, lookup);
  const authenticate = createAuthenticate(platform, identify, lookup !== null);
  const validateSessions = createSessions(policy, platform, identify);
  const { coreCache } = platform;
  const askOperation = createAskOperation(policy, coreCache && createEdgeKv(coreCache));
  return { authenticate, plan, sessionKeys: lookup?.keysOf ?? null };

  async function plan({ client, facts, switches, readBody }: PlanInput): Promise<Plan> {
    const path = router.resolve(facts.path, facts.host);
    const { route } = path;
    let planned = plannedOf(facts, path, switches, NOT_ASKED, NO_SESSION);
    if (policy.cors !== null && route.cors && isPreflight(facts.method, facts.headers)) {
      return preflightPlan(planned, router);
    }
    try {
      const session = validateSessions === null ? NO_SESSION : await validateSessions(facts);
      const judged = session.facts ?? facts;
      const { variants, body } = route;
      let asked =
        variants === null
          ? judged
          : { ...judged, variant: variantOf(variants, visitorOf(platform, client.address, judged)) };
      if (body !== null && isAskedByBody(path, facts.method)) asked = { ...asked, content: UNREAD };
      // What an origin may take for a scoped path is verified as that path is, and never cached.
      let auth = await authenticate(client, asked, route);
      const also: Requirement[] = [];
      for (let i = 0; i < path.also.length; i++) {
        const other = path.also[i] as Route;
        // One bad token counts once.
        const again = { ...client, isCounted: client.isCounted && route.badTokenLimit === null };
        const { outcome, partition, log, keyTroubles } = await authenticate(again, asked, other);
        also.push({ route: other, identity: outcome, partition });
        // Of two verifications the log tells the later one.
        auth = {
          ...auth,
          log: {
            verifyMs: log.verifyMs ?? auth.log.verifyMs,
            provider: log.provider ?? auth.log.provider,
            algorithm: log.algorithm ?? auth.log.algorithm,
          },
          keyTroubles: [...auth.keyTroubles, ...keyTroubles],
        };
      }
      planned = plannedOf(asked, path, switches, auth, session);
      const { folded } = path;
      if (facts.host.length + Math.max(facts.path.length, folded.length) > MAX_PLAIN_URL)
        await prepareUrlKeys(facts.host, [facts.path, folded]);
      const decision = laneOf(planned, also);
      const { graphql, websocket } = route;
      if (websocket !== null && decision.lane !== 'reject' && sockets.isAsked(asked))
        return sockets.plan(planned, decision, also, websocket, router);
      if (body !== null && decision.lane === 'pass' && decision.reason === 'body-unkeyed') {
        const content = await readContent(body, asked, (limitBytes) => readBody(limitBytes, false));
        planned = plannedOf({ ...asked, content }, path, switches, auth, session);
        return withPlatformKey(planOfLane(planned, laneOf(planned, also), router));
      }
      if (graphql === null || decision.lane === 'reject')
        return withPlatformKey(planOfLane(planned, decision, router));
      // Decided again with the operation: a request that is refused without it costs no parsing.
      const operation = await askOperation(asked, graphql, ({ limits }) => readBody(limits.bodyBytes, true));
      planned = plannedOf({ ...asked, operation }, path, switches, auth, session);
      return withPlatformKey(planOfLane(planned, laneOf(planned, also), router));
    } catch (cause) {
      return rejectPlan(planned, cause);
    }
  }

  function laneOf(
    { facts, path, switches, credential }: Planned,
    also: readonly Requirement[],
  ): ReturnType<typeof decideLane> {
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
}

/** What an origin may take for a path of another route may be a write there. */
function isAskedByBody({ route, also, isLookalike }: ResolvedPath, method: string): boolean {
  return !isLookalike && also.length === 0 && route.body?.methods.includes(method) === true;
}

const NO_SESSION = { facts: null, isEditor: false, refused: 0 };

function plannedOf(
  facts: RequestFacts,
  path: ResolvedPath,
  switches: Switches,
  { outcome, partition, log, keyTroubles }: AuthResult,
  { isEditor, refused }: Pick<Session, 'isEditor' | 'refused'>,
): Planned {
  // Without a partition a request falls back to what an unverified one may do: then nothing verified goes out with it either.
  const identity = outcome?.kind === 'verified' && partition !== null ? outcome.identity : null;
  const credential = { outcome, identity, partition, isEditor };
  return { facts, path, switches, credential, verification: log, refusedCookies: refused, keyTroubles };
}
