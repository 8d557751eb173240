import { decide } from '../decide/decide.ts';
import { EdgeError } from '../errors.ts';
import { HttpCacheDisabled } from '../readthrough/choose.ts';
import type { CorsRule, Decision, RejectDecision, RequestContext, RequestFacts, Switches } from '../types.ts';
import { answerPreflight, isPreflight } from '../web/cors.ts';
import type { Passage, Service } from './app.ts';
import { withFallback } from './fallback.ts';
import type { Journal } from './journal.ts';
import { limitPasses } from './limit-passes.ts';
import { serveCached } from './serve-cached.ts';
import { servePass } from './serve-pass.ts';
import { createSessions } from './sessions.ts';
import { createWhose, identifyOn } from './whose.ts';

/** What the app does with an answer, as far as the route decides it. */
export interface Finish {
  /** null: the policy's CORS does not apply. */
  cors: CorsRule | null;
}

/** A function that takes a sanitised request through the lanes. It throws what becomes an error answer. */
export function createLanes(
  service: Service,
): (
  context: RequestContext,
  facts: RequestFacts,
  journal: Journal,
  finish: Finish,
  switches: Switches,
) => Promise<Response> {
  const { policy, router, engineFor } = service;
  const { platform } = service;
  const identify = identifyOn(platform, policy);
  const whose = createWhose(platform, identify);
  const session = createSessions(policy, platform, identify);

  return async function lanes(context, sent, journal, finish, switches) {
    const { facts, validated } =
      session === null ? { facts: sent, validated: false } : await session(sent, journal);
    const route = router.match(facts.path);
    journal.note({ route: route.name });
    if (!route.cors) finish.cors = null;
    if (finish.cors !== null && isPreflight(facts.method, facts.headers)) {
      journal.note({ lane: 'pass', reason: 'preflight', state: 'BYPASS', detail: 'answered' });
      const { cors } = finish;
      // It says everything that there is to say.
      finish.cors = null;
      return answerPreflight(cors, facts.headers);
    }
    const { outcome, partition } = await whose(context, facts, route, journal);
    const identity = outcome?.kind === 'verified' ? outcome.identity : null;
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
    journal.note({ lane: decision.lane, reason: decision.reason });
    journal.decision = decision;
    if (decision.lane === 'pass') limitPasses(platform, context.clientAddress, decision, validated, journal);
    const passage = { context, facts, identity, engine: engineFor(switches.engine), journal };
    const { fallbackPage } = route;
    if (fallbackPage === null) return serve(passage, decision);
    return withFallback(service, passage, decision, switches, fallbackPage, () => serve(passage, decision));
  };

  async function serve(passage: Passage, decision: Decision): Promise<Response> {
    if (decision.lane === 'reject') throw refusal(decision);
    if (decision.lane === 'pass') return servePass(service, passage, decision);
    if (passage.engine !== null) {
      try {
        return await serveCached(service, passage, decision, passage.engine);
      } catch (error) {
        // An engine that was forced, and is not there.
        if (!(error instanceof HttpCacheDisabled)) throw error;
      }
    }
    passage.journal.note({ lane: 'pass', reason: 'no-engine', engine: 'none' });
    return servePass(service, passage, {
      lane: 'pass',
      reason: 'no-engine',
      route: decision.route,
      authenticated: decision.lane === 'scoped',
      noStore: true,
      partition: decision.partition,
      purgeAfterWrite: [],
      observed: null,
    });
  }
}

/** A limited client may come back when it leaves the penalty box. */
function refusal({ code, route }: RejectDecision): EdgeError {
  const blockMinutes = code === 'ERR_RATE_LIMITED' ? route.badTokenLimit?.blockMinutes : undefined;
  return new EdgeError(code, blockMinutes === undefined ? {} : { retryAfterSeconds: blockMinutes * 60 });
}
