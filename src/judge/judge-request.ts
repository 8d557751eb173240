import { decide } from '../decide/decide.ts';
import type { Router } from '../router/router.ts';
import type {
  Decision,
  Identity,
  IdentityResult,
  Partition,
  Policy,
  RequestFacts,
  Route,
  Switches,
} from '../types.ts';
import { createSessions } from './sessions.ts';
import {
  type AskWhose,
  type Client,
  createWhose,
  identifyOn,
  type WhoseNote,
  type WhosePlatform,
} from './whose.ts';

/** A request whose route is known. */
export interface JudgeTask {
  readonly client: Client;
  readonly facts: RequestFacts;
  readonly route: Route;
  readonly switches: Switches;
  readonly note: (facts: WhoseNote) => void;
}

export interface Judgement {
  /** The request without the cookies of editors that did not validate. */
  readonly facts: RequestFacts;
  /** A cookie of an editor did validate. */
  readonly isValidatedEditor: boolean;
  readonly decision: Decision;
  /** What the credential turned out to be; null where the route has no scope. */
  readonly outcome: IdentityResult | null;
  /** null where nobody was verified. */
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
export function createJudge(policy: Policy, router: Router, platform: WhosePlatform): Judge {
  const identify = identifyOn(platform, policy);
  const whose = createWhose(platform, identify);
  const session = createSessions(policy, platform, identify);
  return {
    whose,
    async judgeRequest({ client, facts: sent, route, switches, note }) {
      const { facts, validated } =
        session === null ? { facts: sent, validated: false } : await session(sent, note);
      const { outcome, partition } = await whose(client, facts, route, note);
      const decision = decide({
        policy,
        facts,
        route,
        isCmsPath: router.isCmsPath(facts.path),
        isLookalike: route.scope === null && router.isLookalike(facts.path, route),
        identity: outcome,
        partition,
        switches,
      });
      const identity = outcome?.kind === 'verified' ? outcome.identity : null;
      return { facts, isValidatedEditor: validated, decision, outcome, identity, partition };
    },
  };
}
