import type { EdgeHandlers } from '../edge-handlers/create-edge.ts';
import { runHandlers } from '../edge-handlers/run-handlers.ts';
import { EdgeError } from '../errors.ts';
import { asEdgeError, problem } from '../finish/problem.ts';
import { askForDocument } from '../graphql/ask-for-document.ts';
import { cookieNames } from '../identity/cookies.ts';
import { createJudge } from '../judge/judge-request.ts';
import { withoutEngine } from '../judge/without-engine.ts';
import { HEALTH_PATH, OPERATOR_PREFIX, SELF_PURGE_PATH } from '../operator/paths.ts';
import { createChooser, HttpCacheDisabled } from '../readthrough/choose.ts';
import { createCoreEngine } from '../readthrough/core.ts';
import { createNativeEngine } from '../readthrough/native.ts';
import { patientFetch } from '../readthrough/patience.ts';
import type { Router } from '../router/router.ts';
import { movedTo, sanitise } from '../sanitise/sanitise.ts';
import { readSwitches } from '../switches.ts';
import type {
  CorsRule,
  Decision,
  Identity,
  OriginRequest,
  Platform,
  Policy,
  RejectDecision,
  RequestContext,
  RequestFacts,
  Switches,
} from '../types.ts';
import { answerPreflight, applyCors, isPreflight } from '../web/cors.ts';
import { applyHsts, enforceHttps } from '../web/https.ts';
import { type Journal, startJournal } from './journal.ts';
import { lockedFetch } from './locked-fetch.ts';
import { readBody } from './read-body.ts';
import { serveCached } from './serve-cached.ts';
import { createOperatorDesk } from './serve-operator.ts';
import { servePass } from './serve-pass.ts';

/** Everything that lives as long as the sandbox. No field of it ever belongs to one request. */
export interface Service {
  readonly policy: Policy;
  readonly router: Router;
  readonly platform: Platform;
  readonly engineFor: ReturnType<typeof createChooser>;
  /** The platform's, with the policy's patience. */
  readonly fetchOrigin: Platform['fetchOrigin'];
}

/** One request on its way through the rooms. */
export interface Passage {
  readonly context: RequestContext;
  readonly facts: RequestFacts;
  readonly identity: Identity | null;
  /** Not read yet, or read and whole again. */
  readonly body: OriginRequest['body'];
  readonly engine: ReturnType<ReturnType<typeof createChooser>>;
  readonly journal: Journal;
}

const NO_HANDLERS: EdgeHandlers = { match: () => [], onError: null };

/** Joins the rooms: the returned function answers every request, and never rejects. */
export function createApp(
  policy: Policy,
  router: Router,
  platform: Platform,
  handlers: EdgeHandlers = NO_HANDLERS,
): (context: RequestContext) => Promise<Response> {
  const { coreCache, httpCache, nowMs } = platform;
  const fetchOrigin = patientFetch(lockedFetch(platform, policy), policy.limits);
  const core = coreCache && createCoreEngine({ cache: coreCache, fetchOrigin, nowMs, sleepMs });
  const native = httpCache && createNativeEngine({ http: httpCache, core: coreCache, fetchOrigin, nowMs });
  const engineFor = createChooser({ native, core, nativeLikely: platform.httpCacheLikely });
  const judge = createJudge(policy, router, platform);
  const { judgeRequest } = judge;
  const service: Service = { policy, router, platform, engineFor, fetchOrigin };
  const serveOperator = createOperatorDesk(service, judge, handlers);

  return async function handle(context) {
    const journal = startJournal(platform, context, policy.logEndpoint);
    let response: Response;
    const finish = { cors: policy.cors };
    try {
      response = await answer(context, journal, finish);
    } catch (cause) {
      const error = asEdgeError(cause);
      journal.failed(error);
      response = problem(error, context.requestId);
    }
    const origin = context.request.headers.get('origin');
    if (finish.cors !== null) applyCors(finish.cors, origin, response.headers);
    applyHsts(policy.https.hstsSeconds, isSecure(context), response.headers);
    try {
      journal.write(response.status);
    } catch {
      // A log endpoint that is not there must not cost a visitor the page.
    }
    return response;
  };

  /** `finish`: whether the policy's CORS applies is known once the route is. */
  async function answer(
    context: RequestContext,
    journal: Journal,
    finish: { cors: CorsRule | null },
  ): Promise<Response> {
    const facts = sanitise(context.request, policy, cookieNames);
    const switches = readSwitches(platform, policy);
    if (facts.path !== HEALTH_PATH) {
      const redirect = enforceHttps(switches.https ?? policy.https.mode, isSecure(context), facts);
      if (redirect !== null) {
        journal.note({ lane: 'reject', reason: 'https-redirect', state: 'BYPASS' });
        return redirect;
      }
    }
    if (facts.path.startsWith(OPERATOR_PREFIX)) {
      // An application of another origin asks before it sends a token; the rest of the operator's is no browser's.
      if (
        facts.path === SELF_PURGE_PATH &&
        finish.cors !== null &&
        isPreflight(facts.method, facts.headers)
      ) {
        return answeredPreflight(finish.cors, facts, journal, finish);
      }
      return serveOperator(context, facts, journal);
    }
    const own = handlers.match(facts.method, facts.path);
    if (own.length === 0) return lanes(context, facts, journal, finish, switches);
    const { response, reachedLanes } = await runHandlers({
      handlers: own,
      onError: handlers.onError,
      facts,
      request: context.request,
      lanes: async (target) => {
        const moved = movedTo(target, facts, policy);
        try {
          return await lanes(context, moved, journal, finish, switches);
        } catch (cause) {
          const error = asEdgeError(cause);
          journal.failed(error);
          return problem(error, context.requestId);
        }
      },
    });
    if (!reachedLanes) journal.note({ lane: 'pass', reason: 'own-handler', state: 'BYPASS' });
    return response;
  }

  function answeredPreflight(
    cors: CorsRule,
    facts: RequestFacts,
    journal: Journal,
    finish: { cors: CorsRule | null },
  ): Response {
    journal.note({ lane: 'pass', reason: 'preflight', state: 'BYPASS', detail: 'answered' });
    // It says everything that there is to say.
    finish.cors = null;
    return answerPreflight(cors, facts.headers);
  }

  async function lanes(
    context: RequestContext,
    facts: RequestFacts,
    journal: Journal,
    finish: { cors: CorsRule | null },
    switches: Switches,
  ): Promise<Response> {
    const route = router.match(facts.path);
    journal.note({ route: route.name });
    if (!route.cors) finish.cors = null;
    if (finish.cors !== null && isPreflight(facts.method, facts.headers)) {
      return answeredPreflight(finish.cors, facts, journal, finish);
    }
    const stream = facts.hasBody ? (context.request.body as ReadableStream<Uint8Array> | null) : null;
    let body: OriginRequest['body'] = stream;
    const { decision, identity, asked } = await judgeRequest({
      client: { address: context.clientAddress, isCounted: true },
      facts,
      route,
      switches,
      note: journal.note,
      async readBody({ limits }) {
        const reading = await readBody(stream, facts, limits.bodyBytes, policy.limits.betweenBytesTimeoutMs);
        body = reading.body;
        return reading.text;
      },
    });
    journal.note({ lane: decision.lane, reason: decision.reason });
    if (decision.reason === 'graphql-ask') {
      journal.note({ state: 'BYPASS' });
      return askForDocument();
    }
    const engine = engineFor(switches.engine, route.graphql === null ? 'plain' : 'inspected');
    return serve({ context, facts: asked, identity, body, engine, journal }, decision);
  }

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

function isSecure({ request }: RequestContext): boolean {
  return request.url.startsWith('https:');
}

/** A limited client may come back when it leaves the penalty box. */
function refusal({ code, route }: RejectDecision): EdgeError {
  const blockMinutes = code === 'ERR_RATE_LIMITED' ? route.badTokenLimit?.blockMinutes : undefined;
  return new EdgeError(code, blockMinutes === undefined ? {} : { retryAfterSeconds: blockMinutes * 60 });
}

function sleepMs(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
