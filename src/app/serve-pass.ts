import { EdgeError } from '../errors.ts';
import { finishPass } from '../finish/finish.ts';
import { passRequest } from '../forward/forward.ts';
import { originFailure } from '../readthrough/origin-failure.ts';
import type { PassDecision } from '../types.ts';
import type { Passage, Service } from './app.ts';

/** The pass lane: to the origin and back, around every cache; then the purge that a write asks for. */
export async function servePass(
  service: Service,
  passage: Passage,
  decision: PassDecision,
): Promise<Response> {
  const { platform, router } = service;
  const { context, facts, journal } = passage;
  const origin = router.originOf(decision.route, facts.path);
  const body = facts.hasBody ? (context.request.body as ReadableStream<Uint8Array> | null) : null;
  const startedMs = platform.nowMs();
  journal.note({ state: 'BYPASS' });

  let response: Response;
  try {
    response = await platform.fetchOrigin(passRequest(facts, decision, origin, body));
  } catch (cause) {
    // The write may have been made all the same.
    purgeAfterWrite(service, passage, decision);
    throw originFailure(cause);
  }
  journal.note({ originMs: platform.nowMs() - startedMs });
  if (response.status < 400 || response.status > 499) purgeAfterWrite(service, passage, decision);
  return new Response(facts.method === 'HEAD' ? null : response.body, {
    status: response.status,
    headers: finishPass(response.headers, decision),
  });
}

/** @throws {EdgeError} ERR_INTERNAL where the purge failed: better no answer than a person's own stale page. */
function purgeAfterWrite(
  { platform }: Service,
  { journal }: Passage,
  { purgeAfterWrite: keys }: PassDecision,
): void {
  try {
    for (const key of keys) platform.purge(key, false);
  } catch (cause) {
    journal.note({ detail: 'purge-failed' });
    throw new EdgeError('ERR_INTERNAL', { cause });
  }
  journal.note({ purged: keys.length });
}
