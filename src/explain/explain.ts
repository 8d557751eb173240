import { EdgeError } from '../errors.ts';
import { fingerprint, keyDigest } from '../keys/fingerprint.ts';
import { HEALTH_PATH, OPERATOR_PREFIX } from '../operator/paths.ts';
import { isPreflight } from '../request/cors.ts';
import { enforceHttps } from '../request/https.ts';
import { normalizeRequest } from '../request/normalize-request.ts';
import type { Judge } from '../request/plan.ts';
import { readSwitches } from '../request/switches.ts';
import { withoutEngine } from '../request/without-engine.ts';
import { compareRoutes } from '../router/compare-routes.ts';
import type { JudgedPath, Router } from '../router/router.ts';
import type {
  CacheDecision,
  ExplainQuestion,
  PassDecision,
  RequestFacts,
  Switches,
} from '../types/decision.ts';
import type { Platform } from '../types/platform.ts';
import type { Policy } from '../types/policy.ts';
import type { CacheWork } from '../types/readthrough.ts';
import { describeCredential, describeScope } from './describe-credential.ts';
import { describeResponse } from './describe-response.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { EngineName, Explanation, KeyReport } from './explanation.ts';
import { maskKey } from './mask.ts';
import { type Narrator, startNarrator } from './narrator.ts';
import {
  alsoText,
  credentialText,
  engineText,
  handlersText,
  responseText,
  routeText,
  switchesText,
  twinText,
} from './step-texts.ts';
import { codeText, REASON_TEXTS } from './texts.ts';

export interface ExplainDeps {
  readonly policy: Policy;
  readonly router: Router;
  readonly judge: Judge;
  readonly platform: Pick<Platform, 'nowMs' | 'config' | 'secret'>;
  /** The engine that would serve; null where that is not known here. */
  readonly engineOf: (wanted: Switches['engine'], work: CacheWork) => EngineName | null;
  /** How many handlers of `src/handlers.ts` would run first; null where that is not known here. */
  readonly ownHandlers: (method: string, path: string) => number | null;
}

/**
 * A function that tells what the edge would do with a request, and why, without doing it: no origin is asked, nothing is
 * stored, purged or counted. It goes the way of `app/`, through the same functions.
 */
export function createExplain(deps: ExplainDeps): (question: ExplainQuestion) => Promise<Explanation> {
  const { policy, router, judge, platform, engineOf, ownHandlers } = deps;

  return async function explain(question) {
    const draft = emptyDraft(question);
    const narrator = startNarrator();
    try {
      await tell(question, draft, narrator);
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      Object.assign(draft, { lane: 'reject', reason: 'error', code: error.code, status: error.status });
      narrator.say(codeText(error.code));
    }
    return { ...draft, steps: narrator.steps() };
  };

  async function tell(question: ExplainQuestion, draft: Draft, narrator: Narrator): Promise<void> {
    narrator.at('sanitise');
    const facts = normalizeRequest(question, policy);
    Object.assign(draft, { method: facts.method, host: facts.host, path: facts.path });
    narrator.say(facts.ambiguousTarget ? 'the path can be read in two ways' : 'nothing to refuse');
    const dropped = [...question.headers.keys()].filter((name) => !facts.headers.has(name));
    if (dropped.length > 0) narrator.say(`no origin gets what the client sent as ${dropped.join(', ')}`);

    narrator.at('switches');
    const switches = readSwitches(platform, policy);
    narrator.say(switchesText(switches));

    narrator.at('https');
    const isSecure = question.url.startsWith('https:');
    const mode = switches.https ?? policy.https.mode;
    if (facts.path !== HEALTH_PATH && enforceHttps(mode, isSecure, facts) !== null) {
      Object.assign(draft, { lane: 'reject', reason: 'https-redirect', status: 308 });
      return narrator.say('redirected to https');
    }
    narrator.say(mode === 'off' ? 'not asked for' : 'the request came with TLS');

    if (facts.path.startsWith(OPERATOR_PREFIX)) {
      Object.assign(draft, { lane: 'operator', reason: 'operator' });
      narrator.at('operator');
      return narrator.say('an endpoint of the service itself: no origin sees it');
    }
    narrator.at('handlers');
    narrator.say(handlersText(ownHandlers(facts.method, facts.path)));

    narrator.at('route');
    const path = router.judgedAs(facts.path);
    const route = path.matched;
    draft.route = route.name;
    draft.routes = compareRoutes(policy.routes, facts.path, route);
    narrator.say(routeText(route, policy, draft.routes));
    if (policy.cors !== null && path.route.cors && isPreflight(facts.method, facts.headers)) {
      Object.assign(draft, { lane: 'pass', reason: 'preflight', status: 204 });
      narrator.at('preflight');
      return narrator.say("answered from the policy's cors, without the origin");
    }
    await lanes(question, { facts, path, switches }, draft, narrator);
  }

  async function lanes(
    question: ExplainQuestion,
    { facts, path, switches }: { facts: RequestFacts; path: JudgedPath; switches: Switches },
    draft: Draft,
    narrator: Narrator,
  ): Promise<void> {
    const client = { address: question.clientAddress, isCounted: false };
    const judgement = await judge.judgeRequest({
      client,
      facts,
      path,
      switches,
      note: () => {},
      readBody: async () => question.body,
    });
    const nowMs = platform.nowMs();
    const shown = (keys: readonly string[]) => (question.showValues ? keys : keys.map(maskKey));
    const { decision, outcome, identity } = judgement;
    const { scope } = decision.route;

    narrator.at('credential');
    if (path.route.name !== path.matched.name) narrator.say(twinText(path.route));
    for (const other of path.also) narrator.say(alsoText(other));
    if (scope !== null && outcome !== null) {
      const options = { tokenBytes: policy.limits.tokenBytes, nowMs, showValues: question.showValues };
      draft.credential = describeCredential(outcome, facts.headers, scope, options);
      draft.scope = describeScope(scope, judgement.partition, question.showValues);
      narrator.say(credentialText(draft.credential, draft.scope));
    } else {
      narrator.say('not looked at: the route has no scope');
    }

    narrator.at('lane');
    if (decision.lane === 'reject') throw new EdgeError(decision.code);
    Object.assign(draft, { lane: decision.lane, reason: decision.reason });
    narrator.say(`${decision.lane}: ${REASON_TEXTS[decision.reason]}`);

    let served: CacheDecision | PassDecision = decision;
    if (decision.lane !== 'pass') {
      narrator.at('key');
      draft.key = await keyReport(decision, question.showValues);
      draft.surrogateKeys = shown(decision.surrogateKeys);
      narrator.say('made of host, path, the query that counts, scope and the headers of vary');
      narrator.at('engine');
      draft.engine = engineOf(switches.engine, decision.operation === null ? 'plain' : 'inspected');
      if (draft.engine === 'none') served = withoutEngine(decision);
      narrator.say(engineText(draft.engine));
    }
    const origin = router.originOf(decision.route, facts.path, facts.host);
    const whole = facts.query === '' ? facts.path : `${facts.path}?${facts.query}`;
    const target = served.lane === 'pass' ? whole : served.target;
    const purges = served.lane === 'pass' ? shown(served.purgeAfterWrite) : [];
    Object.assign(draft, {
      lane: served.lane,
      reason: served.reason,
      origin: { name: origin.name, backend: origin.backend, target },
      purgesAfterWrite: purges,
    });

    if (question.response === null) return;
    narrator.at('response');
    draft.response = describeResponse(judgement.facts, served, identity, question.response, nowMs);
    narrator.say(responseText(draft.response));
    const { unkeyedVary } = draft.response;
    if (served.lane === 'pass' || !unkeyedVary.some((field) => facts.headers.has(field))) return;
    const passed = withoutEngine(served, 'vary-unkeyed');
    narrator.say(`pass: ${REASON_TEXTS[passed.reason]} (${unkeyedVary.join(', ')})`);
    const response = describeResponse(judgement.facts, passed, identity, question.response, nowMs);
    Object.assign(draft, { lane: 'pass', reason: passed.reason, response: { ...response, unkeyedVary } });
    Object.assign(draft, { origin: { name: origin.name, backend: origin.backend, target: whole } });
  }

  async function keyReport(decision: CacheDecision, showValues: boolean): Promise<KeyReport> {
    let secret: string | null = null;
    try {
      secret = await platform.secret(policy.stores.secrets, 'fingerprint_key');
    } catch (cause) {
      // Without it a personal page is not served; a public one has no fingerprint to make.
      if (decision.partition !== null) throw new EdgeError('ERR_KEYS_UNAVAILABLE', { cause });
    }
    return {
      fingerprint:
        secret === null || decision.partition === null ? null : fingerprint(decision.partition, secret),
      entry: secret === null ? null : keyDigest(decision.cacheKey, secret),
      cacheKey: showValues ? decision.cacheKey : null,
    };
  }
}
