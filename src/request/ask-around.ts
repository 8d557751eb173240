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
 */
export async function askAround(
  service: Service,
  request: OriginRequest,
  write: Write,
  isPurged: () => boolean,
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
  if (isPurged()) return { kind: 'asked', response, requestedAtMs, log: { originMs } };
  const purge = purgeAfterWrite(platform, router, write, response);
  const log = { originMs, ...purge.log };
  return purge.error === null ? { kind: 'asked', response, requestedAtMs, log } : failed(purge.error, log);
}
