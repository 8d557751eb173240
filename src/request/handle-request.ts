import { type BuildInfo, UNBUILT } from '../build-info.ts';
import { createChooser } from '../cache/choose-engine.ts';
import { createCoreEngine } from '../cache/core/core-engine.ts';
import { createNativeEngine } from '../cache/readthrough/native-engine.ts';
import { EdgeError } from '../errors.ts';
import { HEALTH_PATH, OPERATOR_PREFIX, SELF_PURGE_PATH } from '../operator/paths.ts';
import { fetchWithRetry } from '../origin/fetch-with-retry.ts';
import type { Router } from '../router/router.ts';
import { SHIELD_HEADER } from '../shield/seal.ts';
import type { Platform, RequestContext } from '../types/platform.ts';
import type { Policy } from '../types/policy.ts';
import { withPatience } from './client-body.ts';
import { applyCors, isPreflight } from './cors.ts';
import { debugAnswer } from './debug-response.ts';
import type { EdgeHandlers } from './handlers/create-handlers.ts';
import { runHandlers } from './handlers/run-handlers.ts';
import { applyHsts, enforceHttps } from './https.ts';
import { answeredPreflight, createLanes, type Finish } from './lanes.ts';
import { movedTo, normalizeRequest } from './normalize-request.ts';
import { createOperatorDesk } from './operator-handler.ts';
import { originWays } from './origin-ways.ts';
import { createJudge } from './plan.ts';
import { asEdgeError, problem } from './problem.ts';
import { type Journal, startJournal } from './request-log.ts';
import { createSecondPass } from './second-pass.ts';
import type { Service } from './service.ts';
import { readSwitches } from './switches.ts';

const NO_HANDLERS: EdgeHandlers = { match: () => [], onError: null };

/** Joins the rooms: the returned function answers every request, and never rejects. */
export function createApp(
  policy: Policy,
  router: Router,
  bare: Platform,
  handlers: EdgeHandlers = NO_HANDLERS,
  build: BuildInfo = UNBUILT,
): (context: RequestContext) => Promise<Response> {
  const { coreCache, nowMs } = bare;
  const outbound = originWays(bare, policy);
  // A key set may stand on a locked origin too.
  const platform: Platform = { ...bare, fetchOrigin: outbound.fetchOrigin };
  const { httpCache } = outbound;
  const fetchOrigin = fetchWithRetry(outbound.fetchOrigin, policy.limits);
  const core = coreCache && createCoreEngine({ cache: coreCache, fetchOrigin, nowMs, sleepMs });
  const native =
    httpCache &&
    createNativeEngine({
      http: httpCache,
      core: coreCache,
      fetchOrigin,
      purge: (key) => bare.purge(key, false),
      patience: policy.limits,
      nowMs,
    });
  const engineFor = createChooser({ native, core, hasNative: platform.hasHttpCache });
  const judge = createJudge(policy, platform);
  const service: Service = { policy, router, platform, engineFor, fetchOrigin };
  const serveOperator = createOperatorDesk(service, judge, handlers, build);
  const lanes = createLanes(service, judge);
  const secondPass = createSecondPass(service);
  const secretHeaders = policy.origins.flatMap(({ lock }) => (lock === null ? [] : [lock.header]));

  return async function handle(context) {
    const journal = startJournal(platform, context, policy.logEndpoint);
    let response: Response;
    const finish: Finish = { cors: policy.cors };
    try {
      response = await answer(context, journal, finish);
    } catch (cause) {
      response = failed(cause, context, journal);
    }
    if (finish.cors !== null) applyCors(finish.cors, originField(context), response.headers);
    applyHsts(policy.https.hstsSeconds, isSecure(context), response.headers);
    // An origin that echoes what it was sent must not give its own secret away.
    for (const name of secretHeaders) response.headers.delete(name);
    journal.end(response.status);
    const { debugToken } = finish;
    if (debugToken !== undefined) {
      await debugAnswer(debugToken, response.headers, journal, policy, platform);
    }
    try {
      journal.write();
    } catch {
      // A log endpoint that is not there must not cost a visitor the page.
    }
    return response;
  };

  /** `finish`: whether the policy's CORS applies is known once the route is. */
  async function answer(context: RequestContext, journal: Journal, finish: Finish): Promise<Response> {
    const sealed = secondPass === null ? null : context.request.headers.get(SHIELD_HEADER);
    if (secondPass !== null && sealed !== null) {
      // The answer is for the first pass alone, which finishes it.
      finish.cors = null;
      return secondPass(sealed, context, journal);
    }
    const hasFields = hasUsualField(context.request.headers);
    const facts = normalizeRequest(context.request, policy);
    const [field] = facts.headers.has('host') ? ['host'] : facts.headers.keys();
    if (field === undefined && hasFields) throw unreadable();
    finish.debugToken = facts.debugToken;
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
      request: withPatience(context.request, { nowMs: platform.nowMs, limits: policy.limits }),
      operatorPrefix: OPERATOR_PREFIX,
      failed: (cause) => failed(cause, context, journal),
      lanes: async (target) => {
        try {
          return await lanes(context, movedTo(target, facts, policy), journal, finish, switches);
        } catch (cause) {
          return failed(cause, context, journal);
        }
      },
    });
    if (!reachedLanes && journal.entry.code === null) {
      journal.note({ lane: 'pass', reason: 'own-handler', state: 'BYPASS' });
    }
    return response;
  }
}

/** What failed goes to the log; the client is told no more than that it did. */
function failed(cause: unknown, { requestId }: RequestContext, journal: Journal): Response {
  const error = asEdgeError(cause);
  journal.failed(error);
  return problem(error, requestId);
}

/** `Host` is in each request of HTTP/1.1, and in none of HTTP/2. */
const USUAL = ['host', 'user-agent', 'accept', 'cookie', 'authorization', 'content-length'];

/**
 * Whether a request has fields, by their names: where the host cannot hand one over, a list has none of them.
 *
 * @throws {EdgeError} ERR_REQUEST_TOO_LARGE where one of these is that field.
 */
function hasUsualField(headers: Headers): boolean {
  try {
    return USUAL.some((name) => headers.get(name) !== null);
  } catch {
    throw unreadable();
  }
}

/** What the runtime has lost is nobody's request any more: see http/lost-fields.ts. */
function unreadable(): EdgeError {
  return new EdgeError('ERR_REQUEST_TOO_LARGE', { cause: new Error('the header fields cannot be read') });
}

/** A request that was refused before its fields were read may have one that the host cannot hand over. */
function originField({ request }: RequestContext): string | null {
  try {
    return request.headers.get('origin');
  } catch {
    return null;
  }
}

function isSecure({ request }: RequestContext): boolean {
  return request.url.startsWith('https:');
}

function sleepMs(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
