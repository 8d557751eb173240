import { forwardedClaims } from '../identity/forwarded-claims.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import { addressHeaders } from '../origin/address-headers.ts';
import { passRequest } from '../origin/origin-request.ts';
import { whoFailed } from '../origin/who-failed.ts';
import type { PassDecision } from '../types/decision.ts';
import { isReadOnlyOperation } from './is-read-only-operation.ts';
import { observed } from './observe.ts';
import { purgeAfterWrite, purgeAll } from './purge-after-write.ts';
import { passHeaders } from './response-headers.ts';
import type { Passage, Service } from './service.ts';

/** The pass lane: to the origin and back, around every cache; then the purge that a write asks for. */
export async function servePass(
  service: Service,
  passage: Passage,
  decision: PassDecision,
): Promise<Response> {
  const { policy, platform, router, fetchOrigin } = service;
  const { context, facts, identity, body, journal } = passage;
  const origin = router.originOf(decision.route, facts.path, facts.host);
  journal.note({ state: 'BYPASS', fingerprint: await loggedFingerprint(service, decision) });
  const startedMs = platform.nowMs();

  const caller = {
    identity,
    claims: forwardedClaims(identity, decision.route),
    address: addressHeaders(policy.clientAddressHeaders, context.clientAddress),
  };
  const request = passRequest(facts, decision, origin, caller, body);
  let isPurged = false;
  let response: Response;
  try {
    response = await fetchOrigin(
      // What only asks a GraphQL endpoint by POST goes straight to the origin: to the second pass it would be a write.
      origin.shield === null || isReadOnlyOperation(facts)
        ? request
        : {
            ...request,
            relay: {
              shield: origin.shield,
              origin: origin.name,
              route: decision.route.name,
              requestId: context.requestId,
              plan: { lane: 'pass', reason: decision.reason, purgeAfterWrite: decision.purgeAfterWrite },
              onShieldResult(word) {
                journal.note({ shield: word });
                // A purge is global: at a location of Fastly's the second pass has made it, next to what the origin said.
                isPurged = word === 'PASS' && origin.shield?.kind === 'site';
              },
            },
          },
    );
  } catch (cause) {
    // The write may have been made all the same.
    purgeAll(platform, journal, decision.purgeAfterWrite);
    throw await whoFailed(cause, request, fetchOrigin);
  }
  journal.note({ originMs: platform.nowMs() - startedMs });
  if (decision.observed !== null) {
    const { status, headers } = response;
    const answer = { status, headers, requestedAtMs: startedMs, nowMs: platform.nowMs() };
    journal.note({ observed: await observed(service, decision.observed, facts.path, identity, answer) });
  }
  if (!isPurged) purgeAfterWrite(service, journal, facts, decision, response);
  return platform.respond(
    response.status,
    passHeaders(response.headers, decision),
    facts.method === 'HEAD' ? null : response.body,
  );
}

/** For the log alone: a Secret Store that is down costs nobody the answer. */
async function loggedFingerprint(
  { platform, policy }: Service,
  { partition }: PassDecision,
): Promise<string | null> {
  if (partition === null) return null;
  const secret = await platform.secret(policy.stores.secrets, 'fingerprint_key').catch(() => null);
  return secret ? fingerprint(partition, secret) : null;
}
