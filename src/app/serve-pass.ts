import { EdgeError } from '../errors.ts';
import { finishPass } from '../finish/finish.ts';
import { passRequest } from '../forward/forward.ts';
import { forwardedClaims } from '../identity/forwarded-claims.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import { originFailure } from '../readthrough/origin-failure.ts';
import type { PassDecision } from '../types.ts';
import type { Passage, Service } from './app.ts';
import { invalidatedKeys } from './invalidate.ts';

/** The pass lane: to the origin and back, around every cache; then the purge that a write asks for. */
export async function servePass(
  service: Service,
  passage: Passage,
  decision: PassDecision,
): Promise<Response> {
  const { platform, router, fetchOrigin } = service;
  const { facts, identity, body, journal } = passage;
  const origin = router.originOf(decision.route, facts.path, facts.host);
  journal.note({ state: 'BYPASS', fingerprint: await loggedFingerprint(service, decision) });
  const startedMs = platform.nowMs();

  let response: Response;
  try {
    response = await fetchOrigin(
      passRequest(
        facts,
        decision,
        origin,
        { identity, claims: forwardedClaims(identity, decision.route) },
        body,
      ),
    );
  } catch (cause) {
    // The write may have been made all the same.
    purge(service, passage, decision.purgeAfterWrite);
    throw originFailure(cause);
  }
  journal.note({ originMs: platform.nowMs() - startedMs });
  purge(service, passage, [
    ...(response.status < 400 || response.status > 499 ? decision.purgeAfterWrite : []),
    ...invalidatedKeys(facts, decision, response, router),
  ]);
  return platform.respond(
    response.status,
    finishPass(response.headers, decision),
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

/** @throws {EdgeError} ERR_INTERNAL where the purge failed: better no answer than a person's own stale page. */
function purge({ platform }: Service, { journal }: Passage, keys: readonly string[]): void {
  try {
    for (const key of keys) platform.purge(key, false);
  } catch (cause) {
    journal.note({ detail: 'purge-failed' });
    throw new EdgeError('ERR_INTERNAL', { cause });
  }
  journal.note({ purged: keys.length });
}
