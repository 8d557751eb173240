import { EdgeError } from '../errors.ts';
import { decodeBody } from '../graphql/json-body.ts';
import { readUpTo, restOf } from '../readthrough/store-body.ts';
import type { OriginRequest, RequestFacts } from '../types.ts';

/** A body that has been looked at, and is whole again. */
export interface BodyReading {
  /** null: longer than the limit, not there, or no UTF-8. */
  readonly text: string | null;
  readonly body: OriginRequest['body'];
}

/**
 * Reads a body up to a limit.
 *
 * @throws {EdgeError} ERR_REQUEST_TIMEOUT where it stops coming.
 */
export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  { headers }: RequestFacts,
  limitBytes: number,
  timeoutMs: number,
): Promise<BodyReading> {
  const announced = Number(headers.get('content-length') ?? 0);
  if (stream === null || announced > limitBytes) return { text: null, body: stream };
  const start = await readUpTo(stream, limitBytes, timeoutMs).catch((cause: unknown) => {
    throw new EdgeError('ERR_REQUEST_TIMEOUT', { cause });
  });
  if (start.rest !== null) return { text: null, body: restOf(start) };
  const isShort = start.bytes.byteLength <= limitBytes;
  return { text: isShort ? decodeBody(start.bytes) : null, body: start.bytes };
}
