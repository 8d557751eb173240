import { asEdgeError } from '../errors.ts';
import { askForDocument } from '../graphql/ask-for-document.ts';
import { loggedNames } from '../http/set-cookie.ts';
import { type Answer, failure, type Left } from './answer.ts';
import { inAcceptedCoding } from './content-coding.ts';
import { answerPreflight } from './cors.ts';
import type { Fetched, Found } from './fetched.ts';
import type { CachePlan, PassPlan, Plan } from './planned-request.ts';
import { responseCookies } from './response-cookies.ts';
import { cachedHeaders, passHeaders } from './response-headers.ts';
import { selectResponse } from './select-response.ts';
import type { Service } from './service.ts';

/** What the client gets of what was fetched: its headers, and of its body what was asked for. Never rejects. */
export async function respond(
  service: Service,
  requestId: string,
  plan: Plan,
  fetched: Fetched,
): Promise<Answer> {
  const { background, log } = fetched;
  const left = { cors: corsOf(service, plan), plan, keyTroubles: plan.keyTroubles, background };
  if (fetched.kind === 'failed') return failure(fetched.error, requestId, log, left);
  if (fetched.kind === 'found') return respondFound(service, requestId, fetched, left);
  try {
    const { status, headers, body } = fetched.response;
    const sent = plan.facts.method === 'HEAD' ? null : body;
    const response = service.platform.respond(status, passHeaders(headers, fetched.plan), sent);
    return { ...left, response, error: null, log };
  } catch (cause) {
    return failure(asEdgeError(cause), requestId, log, left);
  }
}

async function respondFound(
  { platform }: Service,
  requestId: string,
  found: Found<CachePlan>,
  left: Left,
): Promise<Answer> {
  const { work: plan, result } = found;
  const { facts, route, credential } = plan;
  const { identity } = credential;
  const nowMs = platform.nowMs();
  const cookies = responseCookies(result.headers, facts, plan, identity, nowMs);
  const dropped = cookies.dropped.length === 0 ? {} : { strippedCookies: loggedNames(cookies.dropped) };
  const log = { ...found.log, ...dropped };
  try {
    const headers = cachedHeaders({ ...result, headers: cookies.headers }, plan, identity, nowMs);
    const accept = facts.headers.get('accept-encoding');
    const isRange = facts.headers.has('range');
    const body = inAcceptedCoding(accept, isRange, route.compress, result, headers, platform.cutOff);
    const response = await selectResponse(facts, { status: result.status, body }, headers, platform);
    return { ...left, response, error: null, log };
  } catch (cause) {
    return failure(asEdgeError(cause), requestId, log, left);
  }
}

/** A hit whose body never came: it was found while it was being written, and a purge had come by (publish.ts). It is asked for again. */
export function isLostHit(
  fetched: Pick<Fetched, 'kind'> & Partial<Pick<Found, 'result'>>,
  { error }: Answer,
): boolean {
  return error !== null && fetched.kind === 'found' && fetched.result?.state === 'HIT';
}

/** What the edge answers by itself, in the origin's place. A preflight's answer says all that there is to say of CORS. */
export function respondByItself(service: Service, plan: PassPlan): Answer {
  const { policy } = service;
  const left = { error: null, plan, keyTroubles: plan.keyTroubles, background: null };
  const log = { ...plan.log, state: 'BYPASS' } as const;
  if (plan.ownAnswer === 'preflight' && policy.cors !== null) {
    const response = answerPreflight(policy.cors, plan.facts.headers);
    return { ...left, response, log: { ...log, detail: 'answered' }, cors: null };
  }
  return { ...left, response: askForDocument(), log, cors: corsOf(service, plan) };
}

function corsOf({ policy }: Service, { path }: Plan): Left['cors'] {
  return path.route.cors ? policy.cors : null;
}
