import { EdgeError, HttpCacheDisabled } from '../errors.ts';
import { askForDocument } from '../graphql/ask-for-document.ts';
import type { Decision, RejectDecision, RequestFacts, Switches } from '../types/decision.ts';
import type { RequestContext } from '../types/platform.ts';
import type { CorsRule } from '../types/policy.ts';
import type { OriginRequest } from '../types/readthrough.ts';
import { type BodyPatience, patienceWith } from './client-body.ts';
import { answerPreflight, isPreflight } from './cors.ts';
import { serveCached } from './fetch-cached.ts';
import { servePass } from './fetch-passed.ts';
import { limitPasses } from './limit-passes.ts';
import type { Judge } from './plan.ts';
import { bodyOf, readBody } from './read-body.ts';
import type { Journal } from './request-log.ts';
import type { Passage, Service } from './service.ts';
import { withFallback } from './with-fallback.ts';
import { withoutEngine } from './without-engine.ts';

/** What the app does with an answer, as far as the route decides it. */
export interface Finish {
  /** null: the policy's CORS does not apply. */
  cors: CorsRule | null;
  /** Whoever has sent the right one is told more. */
  debugToken?: string | undefined;
}

/** A function that takes a sanitised request through the lanes. It throws what becomes an error answer. */
export function createLanes(
  service: Service,
  judge: Judge,
): (
  context: RequestContext,
  facts: RequestFacts,
  journal: Journal,
  finish: Finish,
  switches: Switches,
) => Promise<Response> {
  const { policy, router, platform, engineFor } = service;

  return async function lanes(context, sent, journal, finish, switches) {
    const path = router.judgedAs(sent.path);
    const { route } = path;
    journal.note({ route: path.matched.name });
    if (!route.cors) finish.cors = null;
    if (finish.cors !== null && isPreflight(sent.method, sent.headers)) {
      return answeredPreflight(finish.cors, sent, journal, finish);
    }
    // Asked for late: whoever is refused is not waited for.
    let waiting: BodyPatience | null = null;
    const patience = () => {
      waiting ??= patienceWith({ nowMs: platform.nowMs, limits: policy.limits });
      return waiting;
    };
    const stream = () => bodyOf(context.request, sent.headers, patience);
    let body: OriginRequest['body'] | undefined;
    const { facts, decision, identity, isValidatedEditor } = await judge.judgeRequest({
      client: { address: context.clientAddress, isCounted: true },
      facts: sent,
      path,
      switches,
      note: journal.note,
      async readBody({ limits }) {
        const reading = await readBody(await stream(), sent, limits.bodyBytes, patience());
        body = reading.body;
        return reading.text;
      },
    });
    journal.note({ lane: decision.lane, reason: decision.reason });
    journal.decision = decision;
    if (decision.lane === 'pass') {
      limitPasses(platform, context.clientAddress, decision, isValidatedEditor, journal);
    }
    if (decision.reason === 'graphql-ask') {
      journal.note({ state: 'BYPASS' });
      return askForDocument();
    }
    const engine = engineFor(switches.engine, route.graphql === null ? 'plain' : 'inspected');
    if (body === undefined) body = decision.lane === 'pass' ? await stream() : null;
    const passage = { context, facts, identity, body, engine, journal };
    const { fallbackPage } = route;
    if (fallbackPage === null) return serve(passage, decision);
    return withFallback(service, judge, passage, decision, switches, fallbackPage, () =>
      serve(passage, decision),
    );
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
    return servePass(service, passage, withoutEngine(decision));
  }
}

/** A preflight's answer says everything that there is to say of CORS. */
export function answeredPreflight(
  cors: CorsRule,
  facts: RequestFacts,
  journal: Journal,
  finish: Finish,
): Response {
  journal.note({ lane: 'pass', reason: 'preflight', state: 'BYPASS', detail: 'answered' });
  finish.cors = null;
  return answerPreflight(cors, facts.headers);
}

/** A limited client may come back when it leaves the penalty box. */
function refusal({ code, route, why }: RejectDecision): EdgeError {
  const blockMinutes = code === 'ERR_RATE_LIMITED' ? route.badTokenLimit?.blockMinutes : undefined;
  return new EdgeError(code, {
    ...(blockMinutes === undefined ? {} : { retryAfterSeconds: blockMinutes * 60 }),
    ...(why === undefined ? {} : { cause: new Error(why) }),
  });
}
