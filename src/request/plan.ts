import { createAskOperation } from '../graphql/ask-operation.ts';
import { createEdgeMemory } from '../identity/edge-memory.ts';
import type { JudgedPath } from '../router/router.ts';
import type { Decision, RequestFacts, Switches } from '../types/decision.ts';
import type { Identity, IdentityResult, Partition } from '../types/identity.ts';
import type { GraphqlRule, Policy } from '../types/policy.ts';
import {
  type AskWhose,
  type Client,
  createWhose,
  identifyOn,
  type WhoseNote,
  type WhosePlatform,
} from './authenticate.ts';
import { decideLane } from './decide-lane.ts';
import type { DecideInput, Requirement } from './lane-input.ts';
import { createSessions } from './sessions.ts';

/** A request whose route is known. */
export interface JudgeTask {
  readonly client: Client;
  readonly facts: RequestFacts;
  /** As the router judges the path. */
  readonly path: Omit<JudgedPath, 'matched'>;
  readonly switches: Switches;
  readonly note: (facts: WhoseNote) => void;
  /** The body of a POST to a GraphQL endpoint; null: too long, or no text. Called for whoever is not refused without it. */
  readonly readBody: (rule: GraphqlRule) => Promise<string | null>;
}

export interface Judgement {
  /** The request without the cookies of editors that did not validate, and with what it asks of a GraphQL endpoint. */
  readonly facts: RequestFacts;
  /** A cookie of an editor did validate. */
  readonly isValidatedEditor: boolean;
  readonly decision: Decision;
  /** What the credential turned out to be; null where the route has no scope. */
  readonly outcome: IdentityResult | null;
  /** null where nobody was verified, or a value of the scope cannot be used: as whom the request counts. */
  readonly identity: Identity | null;
  /** The scope filled with that; null where a value cannot be used. */
  readonly partition: Partition | null;
}

export interface Judge {
  judgeRequest(task: JudgeTask): Promise<Judgement>;
  readonly whose: AskWhose;
}

/**
 * What the edge makes of a request: whose it is, then its lane. The edge acts on the answer and `explain` shows it, so that
 * the two cannot differ.
 */
export function createJudge(policy: Policy, platform: WhosePlatform): Judge {
  const identify = identifyOn(platform, policy);
  const whose = createWhose(platform, identify);
  const session = createSessions(policy, platform, identify);
  const { coreCache } = platform;
  const askOperation = createAskOperation(policy, coreCache && createEdgeMemory(coreCache));
  return {
    whose,
    async judgeRequest({ client, facts: sent, path, switches, note, readBody }) {
      const { facts, validated } =
        session === null ? { facts: sent, validated: false } : await session(sent, note);
      // What an origin may take for a scoped path is verified as that path is, and never cached.
      const { route, isLookalike, isCmsPath, folded } = path;
      const { outcome, partition } = await whose(client, facts, route, note);
      const also: Requirement[] = [];
      for (const other of path.also) {
        // One bad token counts once.
        const again = { ...client, isCounted: client.isCounted && route.badTokenLimit === null };
        const asked = await whose(again, facts, other, note);
        also.push({ route: other, identity: asked.outcome, partition: asked.partition });
      }
      const input: DecideInput = {
        policy,
        facts,
        route,
        isCmsPath,
        isLookalike,
        folded,
        also,
        identity: outcome,
        partition,
        switches,
      };
      // Without a partition a request falls back to what an unverified one may do: then nothing verified goes out with it either.
      const identity = outcome?.kind === 'verified' && partition !== null ? outcome.identity : null;
      const decision = decideLane(input);
      const whoseItIs = { isValidatedEditor: validated, outcome, identity, partition };
      if (route.graphql === null || decision.lane === 'reject') return { ...whoseItIs, facts, decision };
      // Decided again with what is asked: whoever is refused without that must cost no parsing.
      const asked = { ...facts, operation: await askOperation(facts, route.graphql, readBody) };
      return { ...whoseItIs, facts: asked, decision: decideLane({ ...input, facts: asked }) };
    },
  };
}
