import { asEdgeError, type EdgeError } from '../errors.ts';
import { askForDocument } from '../graphql/ask-for-document.ts';
import { loggedNames } from '../http/set-cookie.ts';
import type { Policy } from '../policy/policy.ts';
import type { Answer } from './answer.ts';
import { inAcceptedCoding } from './content-coding.ts';
import { answerPreflight } from './cors.ts';
import type { Fetched, Found } from './fetched.ts';
import type { LogFields } from './log-record.ts';
import type { CachePlan, PassPlan, Plan } from './planned-request.ts';
import { problem } from './problem.ts';
import { failureFields, planFields } from './request-log.ts';
import { responseCookies } from './response-cookies.ts';
import { cachedHeaders, passHeaders } from './response-headers.ts';
import { selectResponse } from './select-response.ts';
import type { Service } from './service.ts';

/** What the client gets of what was fetched: its headers, and of its body what was asked for. Never rejects. */
export function respond(
  service: Service,
  requestId: string,
  plan: Plan,
  fetched: Fetched,
): Answer | Promise<Answer> {
  const { policy, platform } = service;
  const { background } = fetched;
  const log = [planFields(plan), fetched.log];
  if (fetched.kind === 'found') return respondFound(service, requestId, fetched, log);
  if (fetched.kind === 'failed') {
    const { error } = fetched;
    log.push(failureFields(error));
    return answered(policy, plan, problem(error, requestId), log, background, error);
  }
  try {
    const { status, headers, body } = fetched.response;
    const sent = plan.facts.method === 'HEAD' ? null : body;
    const response = platform.respond(status, passHeaders(headers, fetched.plan), sent);
    return answered(policy, plan, response, log, background);
  } catch (cause) {
    const error = asEdgeError(cause);
    const told = [...log, failureFields(error)];
    return answered(policy, plan, problem(error, requestId), told, background, error);
  }
}

async function respondFound(
  { policy, platform }: Service,
  requestId: string,
  { work: plan, result, background }: Found<CachePlan>,
  fetchLog: readonly LogFields[],
): Promise<Answer> {
  const { facts, route, credential } = plan;
  const { identity } = credential;
  const nowMs = platform.nowMs();
  const cookies = responseCookies(result.headers, facts, plan, identity, nowMs);
  const log =
    cookies.dropped.length === 0
      ? fetchLog
      : [...fetchLog, { strippedCookies: loggedNames(cookies.dropped) }];
  try {
    // Nearly no answer sets a cookie, and a copy costs as much as all the rest here.
    const seen = cookies.headers === result.headers ? result : { ...result, headers: cookies.headers };
    const headers = cachedHeaders(seen, plan, identity, nowMs);
    const accept = facts.headers.get('accept-encoding');
    const isRange = facts.headers.has('range');
    const coded = inAcceptedCoding(accept, isRange, route.compress, result, headers, platform.cutOff);
    const whole = { status: result.status, body: coded.body };
    const response = await selectResponse(facts, whole, coded.headers, platform);
    return answered(policy, plan, response, log, background);
  } catch (cause) {
    const error = asEdgeError(cause);
    const told = [...log, failureFields(error)];
    return answered(policy, plan, problem(error, requestId), told, background, error);
  }
}

function answered(
  policy: Policy,
  plan: Plan,
  response: Response,
  log: Answer['log'],
  background: Answer['background'],
  error: EdgeError | null = null,
): Answer {
  const cors = plan.path.route.cors ? policy.cors : null;
  return { response, error, log, cors, plan, keyTroubles: plan.keyTroubles, background };
}

/** A hit whose body never came: it was found while it was being written, and a purge had come by (publish.ts). It is asked for again. */
export function isLostHit(fetched: Fetched | Found, { error }: Pick<Answer, 'error'>): boolean {
  return error !== null && fetched.kind === 'found' && fetched.result.state === 'HIT';
}

/** What the edge answers by itself, in the origin's place. A preflight's answer says all that there is to say of CORS. */
export function respondByItself({ policy }: Service, plan: PassPlan): Answer {
  if (plan.ownAnswer === 'preflight' && policy.cors !== null) {
    const log = [planFields(plan), { state: 'BYPASS', detail: 'answered' } as const];
    const response = answerPreflight(policy.cors, plan.facts.headers, plan.path.route.body?.methods);
    return { ...answered(policy, plan, response, log, null), cors: null };
  }
  return answered(policy, plan, askForDocument(), [planFields(plan), { state: 'BYPASS' }], null);
}
