import { EdgeError } from '../errors.ts';
import { normaliseAcceptEncoding } from '../http/accept-encoding.ts';
import { loggedNames, namesOfSetCookies, removeSetCookie } from '../http/set-cookie.ts';
import { forwardedClaims } from '../identity/forwarded-claims.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import { cacheRequest } from '../origin/origin-request.ts';
import type { CacheDecision } from '../types/decision.ts';
import type { Fields } from '../types/fields.ts';
import type { FreshnessRule } from '../types/policy.ts';
import type {
  BodySource,
  CacheResult,
  CacheTask,
  Encoding,
  OriginRequest,
  Readthrough,
} from '../types/readthrough.ts';
import { inAcceptedCoding } from './content-coding.ts';
import { evaluateResponse } from './evaluate-response.ts';
import { servePass } from './fetch-passed.ts';
import { graphqlPart } from './graphql-task.ts';
import { limitPasses } from './limit-passes.ts';
import { asEdgeError } from './problem.ts';
import { responseCookies } from './response-cookies.ts';
import { cachedHeaders } from './response-headers.ts';
import { respond } from './select-response.ts';
import type { Passage, Service } from './service.ts';
import { withoutEngine } from './without-engine.ts';

/** What a look-up asks, and the origin where it is needed. */
interface Question {
  readonly encoding: Encoding;
  readonly request: () => OriginRequest;
  /** `exp` of the identity; null on the public lane. */
  readonly tokenExpiresAtSeconds: number | null;
  /** Answers a client for whom what is stored is not the right answer: it sends a field that the origin varies on. */
  readonly pass: () => Promise<Response>;
}

/** An answer on its way out. */
interface Finished {
  readonly headers: Fields;
  readonly body: BodySource | null;
}

/** Names in a line of the log. */
const MAX_LOGGED = 10;

/** The public and the scoped lane: through the edge cache. */
export async function serveCached(
  service: Service,
  passage: Passage,
  decision: CacheDecision,
  engine: Readthrough,
): Promise<Response> {
  const { policy, platform, router } = service;
  const { context, facts, identity, journal } = passage;
  const { route, partition } = decision;
  const accept = facts.headers.get('accept-encoding');
  const encoding = normaliseAcceptEncoding(accept, decision.operation !== null);
  const tokenExpiresAtSeconds = partition === null ? null : (identity?.expiresAtSeconds ?? null);
  let request: OriginRequest | null = null;

  const question: Question = {
    encoding,
    tokenExpiresAtSeconds,
    request: () => {
      if (request !== null) return request;
      const origin = router.originOf(route, facts.path, facts.host);
      const caller = { identity, claims: forwardedClaims(identity, route) };
      request = cacheRequest(facts, decision, origin, caller, encoding, policy);
      // A GraphQL query's body is no part of a seal: it goes straight to the origin.
      if (origin.shield === null || decision.operation !== null) return request;
      const { route: _, ...plan } = decision;
      request = {
        ...request,
        relay: {
          shield: origin.shield,
          origin: origin.name,
          route: route.name,
          requestId: context.requestId,
          plan: { ...plan, tokenExpiresAtSeconds },
          onShieldResult: (word) => journal.note({ shield: word }),
        },
      };
      return request;
    },
    pass() {
      const passed = withoutEngine(decision, 'vary-unkeyed');
      journal.note({ lane: 'pass', reason: passed.reason });
      limitPasses(platform, context.clientAddress, passed, false, journal);
      return servePass(service, passage, passed);
    },
  };
  return throughCache(service, passage, decision, engine, question, (result) => {
    const nowMs = platform.nowMs();
    const answered = responseCookies(result.headers, facts, decision, identity, nowMs);
    if (answered.dropped.length > 0) journal.note({ strippedCookies: loggedNames(answered.dropped) });
    const headers = cachedHeaders({ ...result, headers: answered.headers }, decision, identity, nowMs);
    const isRange = facts.headers.has('range');
    const body = inAcceptedCoding(accept, isRange, route.compress, result, headers, platform.cutOff);
    return { headers, body };
  });
}

/** The look-up, and the answer of what it comes to; the log is told. */
export async function throughCache(
  { policy, platform }: Service,
  { context, facts, journal }: Passage,
  decision: CacheDecision,
  engine: Readthrough,
  { encoding, request, tokenExpiresAtSeconds, pass }: Question,
  finish: (result: CacheResult) => Finished,
): Promise<Response> {
  const { partition, route } = decision;
  const secret =
    partition === null
      ? null
      : await platform.secret(policy.stores.secrets, 'fingerprint_key').catch((cause: unknown) => {
          throw new EdgeError('ERR_KEYS_UNAVAILABLE', { cause });
        });
  const whose = fingerprint(partition, secret ?? '');
  const identity = tokenExpiresAtSeconds === null ? null : { expiresAtSeconds: tokenExpiresAtSeconds };
  const sends = (field: string) => facts.headers.has(field);
  /** Of what the origin has answered to this very request. */
  let unkeyedVary: readonly string[] = [];
  const decideBy =
    (rule: FreshnessRule): CacheTask['decide'] =>
    (status, headers, requestedAtMs) => {
      const answer = { status, headers, requestedAtMs, nowMs: platform.nowMs() };
      const verdict = evaluateResponse(facts.path, decision, identity, answer, rule);
      unkeyedVary = verdict.unkeyedVary;
      journal.note({ notes: verdict.notes });
      // It is stored without the cookie (`stripSetCookie`, `stripSetCookies`), and whoever fetched it gets what is stored.
      if (verdict.store && headers.has('set-cookie')) {
        journal.note({ strippedCookies: loggedNames(namesOfSetCookies(headers)) });
        removeSetCookie(headers);
      }
      return verdict;
    };

  const task: CacheTask = {
    cacheKey: decision.cacheKey,
    fingerprint: whose,
    ...(graphqlPart(decision, decideBy) ?? {
      surrogateKeys: decision.surrogateKeys,
      sentinelKeys: decision.surrogateKeys,
      decide: decideBy(route.freshness),
      inspection: null,
    }),
    encoding,
    sends,
    request,
    bufferBytes: policy.limits.bufferBytes,
    betweenBytesTimeoutMs: policy.limits.betweenBytesTimeoutMs,
    collapseTimeoutMs: policy.limits.collapseTimeoutMs,
    waitUntil: (work) => context.waitUntil(work),
    cutOff: platform.cutOff,
    onRefreshFailure: (error) => journal.writeBackground('refresh-failed', asEdgeError(error)),
  };
  // A fingerprint without a key could be guessed from a list of users: it stays out of the log.
  journal.note({ engine: engine.engine, fingerprint: secret ? whose : null });
  const answer = async (result: CacheResult) => {
    journal.note({
      state: result.state,
      detail: result.detail,
      ttlSeconds: result.ttlSeconds,
      ageSeconds: result.ageSeconds,
      originMs: result.originMs,
    });
    const varies = result.unkeyedVary ?? (result.originMs === null ? [] : unkeyedVary);
    if (varies.length > 0) journal.note({ unkeyedVary: varies.slice(0, MAX_LOGGED) });
    if (varies.some(sends)) {
      result.body?.discard();
      return pass();
    }
    const { headers, body } = finish(result);
    return respond(facts, { status: result.status, body }, headers, platform);
  };
  const result = await engine.fetch(task);
  try {
    return await answer(result);
  } catch (error) {
    // A hit whose body never came: it was found while it was being written, and a purge had come by (publish.ts).
    if (result.state !== 'HIT') throw error;
    return answer(await engine.fetch(task));
  }
}
