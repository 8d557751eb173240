import type { CacheWork } from '../cache/cache-engine.ts';
import { fingerprintKey } from '../crypto/fingerprint-key.ts';
import { EdgeError } from '../errors.ts';
import { fingerprint, keyDigest } from '../keys/fingerprint.ts';
import { anyEntityKey } from '../keys/surrogate-key.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Switches } from '../lanes/switches.ts';
import type { ExplainQuestion } from '../operator/explain-question.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import type { Planner } from '../request/plan.ts';
import { passInstead } from '../request/plan-of-lane.ts';
import { type CachePlan, type PassPlan, type Plan, workOf } from '../request/planned-request.ts';
import { describeCredential, describeScope } from './describe-credential.ts';
import { describeResponse } from './describe-response.ts';
import type { EngineName, Explanation, KeyReport } from './explanation.ts';
import { maskKey } from './mask.ts';
import type { StepRecorder } from './step-recorder.ts';
import { alsoText, bodyText, credentialText, engineText, lookalikeText, responseText } from './step-texts.ts';
import { codeText, REASON_TEXTS, UNKEYED_TEXTS } from './texts.ts';

export interface ExplainDeps {
  readonly policy: Policy;
  readonly plan: Planner['plan'];
  readonly platform: Pick<Platform, 'nowMs' | 'config' | 'secret'>;
  /** The engine that would serve; null where that is not known here. */
  readonly engineOf: (wanted: Switches['engine'], work: CacheWork) => EngineName | null;
  /** How many handlers of `src/handlers.ts` would run first; null where that is not known here. */
  readonly ownHandlers: (method: string, path: string) => number | null;
}

type Deps = Pick<ExplainDeps, 'policy' | 'platform' | 'engineOf'>;

/**
 * Prints a plan.
 *
 * @param facts - The request before cookies of editors were taken out of it.
 */
export async function explainLane(
  deps: Deps,
  question: ExplainQuestion,
  facts: RequestFacts,
  plan: Plan,
  recorder: StepRecorder,
): Promise<Partial<Explanation>> {
  if (plan.lane === 'pass' && plan.ownAnswer === 'preflight') {
    recorder.at('preflight');
    recorder.add("answered from the policy's cors, without the origin");
    return { lane: 'pass', reason: 'preflight', status: 204 };
  }
  const nowMs = deps.platform.nowMs();
  const who = credentialOf(deps, question, facts, plan, recorder, nowMs);
  recorder.at('lane');
  if (plan.lane === 'reject') {
    // What nobody foresaw is not explained: the edge answers it with 500, and a tool has to see it.
    if (plan.error.code === 'ERR_INTERNAL') throw plan.error.cause;
    const { code, status } = plan.error;
    recorder.add(codeText(code));
    return { ...who, lane: 'reject', reason: 'error', code, status };
  }
  recorder.add(`${plan.lane}: ${REASON_TEXTS[plan.reason]}`);
  if (plan.facts.content?.kind === 'unkeyed') recorder.add(UNKEYED_TEXTS[plan.facts.content.why]);
  const cached = plan.lane === 'pass' ? null : await cacheOf(deps, question, plan, recorder);
  if (cached?.code !== undefined) return { ...who, ...cached };
  const served = plan.lane !== 'pass' && cached?.engine === 'none' ? passInstead(plan, 'no-engine') : plan;
  const common = { ...who, ...cached, ...servedAs(served, question.showValues) };
  return { ...common, ...responseOf(deps, question, served, recorder, nowMs) };
}

function credentialOf(
  { policy }: Deps,
  { showValues }: ExplainQuestion,
  facts: RequestFacts,
  { path, credential, route }: Plan,
  recorder: StepRecorder,
  nowMs: number,
): Partial<Explanation> {
  recorder.at('credential');
  if (path.route.name !== path.matched.name) recorder.add(lookalikeText(path.route));
  for (const other of path.also) recorder.add(alsoText(other));
  const { outcome, partition } = credential;
  if (route.scope === null || outcome === null) {
    recorder.add('not looked at: the route has no scope');
    return {};
  }
  const options = { tokenBytes: policy.limits.tokenBytes, nowMs, showValues };
  const told = describeCredential(
    outcome,
    facts,
    { scope: route.scope, otherSchemes: route.otherSchemes },
    options,
  );
  const scope = describeScope(route.scope, outcome, partition, facts, showValues);
  recorder.add(credentialText(told, scope));
  return { credential: told, scope };
}

/** Key and engine of a plan for the cache; a code where the key cannot be had. */
async function cacheOf(
  deps: Deps,
  { showValues }: ExplainQuestion,
  plan: CachePlan,
  recorder: StepRecorder,
): Promise<Partial<Explanation>> {
  recorder.at('key');
  const key = await keyReport(deps, plan, showValues);
  if (key instanceof EdgeError) {
    recorder.add(codeText(key.code));
    return { lane: 'reject', reason: 'error', code: key.code, status: key.status };
  }
  recorder.add('made of scheme, host, path, the query that counts, scope and the headers of vary');
  const types = [...(plan.route.graphql?.entities.keys() ?? [])];
  if (types.length > 0)
    recorder.add(
      `of the answer too: ${types.map((type) => `${anyEntityKey(type).slice(0, -1)}<id>`).join(', ')}`,
    );
  if (plan.content !== null) recorder.add(bodyText(plan.content));
  const { variant } = plan.facts;
  if (variant !== undefined) recorder.add(`the variant ${variant.key.join(', ')}`);
  recorder.at('engine');
  const engine = deps.engineOf(plan.switches.engine, workOf(plan));
  recorder.add(engineText(engine));
  return { key, surrogateKeys: redact(plan.surrogateKeys, showValues), engine };
}

async function keyReport(
  { policy, platform }: Deps,
  { cacheKey, partition }: CachePlan,
  showValues: boolean,
): Promise<KeyReport | EdgeError> {
  let secret: string | null;
  try {
    secret = await fingerprintKey(platform, policy, partition === null ? 'show' : 'compare');
  } catch (error) {
    return error as EdgeError;
  }
  return {
    fingerprint: secret === null || partition === null ? null : await fingerprint(partition, secret),
    entry: secret === null ? null : await keyDigest(cacheKey, secret),
    cacheKey: showValues ? cacheKey : null,
  };
}

function servedAs(plan: CachePlan | PassPlan, showValues: boolean): Partial<Explanation> {
  const { lane, reason, target } = plan;
  const { name, backend } = plan.origin;
  const purgesAfterWrite = plan.lane === 'pass' ? redact(plan.purgeAfterWrite, showValues) : [];
  return { lane, reason, origin: { name, backend, target }, purgesAfterWrite };
}

function responseOf(
  { policy }: Deps,
  { response, showValues }: ExplainQuestion,
  plan: CachePlan | PassPlan,
  recorder: StepRecorder,
  nowMs: number,
): Partial<Explanation> {
  if (response === null) return {};
  recorder.at('response');
  const told = describeResponse(plan, response, nowMs, policy.forwardHeaders);
  recorder.add(responseText(told));
  const { unkeyedVary } = told;
  if (plan.lane === 'pass' || !unkeyedVary.some((field) => plan.facts.headers.has(field)))
    return { response: told };
  const passed = passInstead(plan, 'vary-unkeyed');
  recorder.add(`pass: ${REASON_TEXTS[passed.reason]} (${unkeyedVary.join(', ')})`);
  return {
    ...servedAs(passed, showValues),
    response: { ...describeResponse(passed, response, nowMs, policy.forwardHeaders), unkeyedVary },
  };
}

function redact(keys: readonly string[], showValues: boolean): readonly string[] {
  return showValues ? keys : keys.map(maskKey);
}
