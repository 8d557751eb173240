import { fingerprintKey } from '../crypto/fingerprint-key.ts';
import { fingerprint as fingerprintOf } from '../keys/fingerprint.ts';
import { askAround } from './ask-around.ts';
import { askedWrite } from './ask-for-entities.ts';
import { type Fetched, failed } from './fetched.ts';
import type { LogFields } from './log-record.ts';
import type { AnswerReading } from './look-into-answer.ts';
import { mutationPurges } from './mutation-purges.ts';
import { observed } from './observe.ts';
import { passOriginRequest } from './planned-origin-request.ts';
import type { PassPlan } from './planned-request.ts';
import type { RequestState, Service } from './service.ts';

/** The pass lane: to the origin and back, around every cache; then the purge that a write asks for. */
export async function fetchPassed(
  service: Service,
  { context, body }: RequestState,
  plan: PassPlan,
): Promise<Fetched> {
  const fingerprint = await loggedFingerprint(service, plan);
  let shield: string | null = null;
  const reading: AnswerReading = { current: null };
  const made = passOriginRequest(service.policy, plan, context, await body.forOrigin(), (result) => {
    shield = result;
  });
  const request = askedWrite(service, plan, reading, made);
  // A purge is global: at a location of Fastly's the second pass has made it, next to what the origin said.
  const isPurged = () => shield === 'PASS' && plan.origin.shield?.kind === 'site';
  const asked = await askAround(service, request, plan, isPurged, (status) =>
    mutationPurges(plan, reading, status),
  );
  const log: LogFields = {
    state: 'BYPASS',
    fingerprint,
    shield,
    originMs: asked.log.originMs ?? null,
    purged: asked.log.purged ?? 0,
  };
  if (asked.kind === 'failed') {
    const { detail } = asked.log;
    return failed(asked.error, detail === undefined ? log : { ...log, detail });
  }
  const { response, requestedAtMs } = asked;
  const passed = { kind: 'passed', plan, response, background: null } as const;
  if (plan.observed === null) return { ...passed, log };
  const { status, headers } = response;
  const answer = { status, headers, requestedAtMs, nowMs: service.platform.nowMs() };
  return { ...passed, log: { ...log, observed: await observed(service, plan, plan.observed, answer) } };
}

/** For the log alone: a Secret Store that is down costs nobody the answer. */
async function loggedFingerprint(
  { platform, policy }: Service,
  { partition }: PassPlan,
): Promise<string | null> {
  if (partition === null) return null;
  const secret = await fingerprintKey(platform, policy, 'show');
  return secret ? fingerprintOf(partition, secret) : null;
}
