import { asEdgeError } from '../errors.ts';
import { whoFailed } from '../origin/who-failed.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import { type Failed, failed } from './fetched.ts';
import type { LogFields } from './log-record.ts';
import { purgeAfterWrite, purgeAll, type Write } from './purge-after-write.ts';
import type { Service } from './service.ts';

interface Around {
  readonly kind: 'asked';
  readonly response: Response;
  readonly requestedAtMs: number;
  readonly log: LogFields;
}

/**
 * Asks an origin around every cache, and makes the purge that a write asks for.
 *
 * @param isPurged - Whether somebody else has made it by now.
 * @param alsoPurged - What the answer, by its status, has made doubtful beside that.
 */
export async function askAround(
  service: Service,
  request: OriginRequest,
  write: Write,
  isPurged: () => boolean,
  alsoPurged: (status: number) => readonly string[] = () => [],
): Promise<Around | Failed> {
  const { platform, fetchOrigin, router } = service;
  const requestedAtMs = platform.nowMs();
  let response: Response;
  try {
    response = await fetchOrigin(request);
  } catch (cause) {
    // The write may have been made all the same.
    const purge = purgeAll(platform, write.purgeAfterWrite);
    return failed(purge.error ?? asEdgeError(await whoFailed(cause, request, fetchOrigin)), purge.log);
  }
  const originMs = platform.nowMs() - requestedAtMs;
  const also = alsoPurged(response.status);
  const isDone = isPurged();
  if (isDone && also.length === 0) return { kind: 'asked', response, requestedAtMs, log: { originMs } };
  const purge = isDone
    ? purgeAll(platform, also)
    : await purgeAfterWrite(platform, router, write, response, also);
  const log = { originMs, ...purge.log };
  return purge.error === null ? { kind: 'asked', response, requestedAtMs, log } : failed(purge.error, log);
}
