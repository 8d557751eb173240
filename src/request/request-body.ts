import { announcedLength, restOf } from '../cache/store-body.ts';
import { EdgeError } from '../errors.ts';
import { announcesBody } from '../http/announces-body.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import { type BodyTimeouts, bodyTimeouts, checkLength, checkWhole, readClientBody } from './client-body.ts';

/** The body of a client's request. It is waited for when it is asked for: whoever is refused is not. */
export interface RequestBody {
  /**
   * What is in it, which is kept; null: longer than the limit, or not there.
   *
   * @param mayWrite - Such a body is looked into, whether it was cut off: of what only asks a part does no harm.
   */
  bytes(limitBytes: number, mayWrite: boolean): Promise<Uint8Array | null>;
  /** What the origin gets: what was read, or what is still to come. */
  forOrigin(): Promise<OriginRequest['body']>;
}

export function requestBody(
  request: Pick<Request, 'method' | 'body' | 'bodyUsed'>,
  headers: ReadonlyFields,
  timeouts: Parameters<typeof bodyTimeouts>[0],
): RequestBody {
  let waiting: BodyTimeouts | null = null;
  const timeoutsOnce = () => {
    waiting ??= bodyTimeouts(timeouts);
    return waiting;
  };
  let read: BodyReading | null = null;
  return {
    async bytes(limitBytes, mayWrite) {
      read = await readBody(
        await bodyOf(request, headers, timeoutsOnce),
        { headers },
        limitBytes,
        timeoutsOnce(),
        mayWrite,
      );
      return read.bytes;
    },
    forOrigin: async () => (read === null ? bodyOf(request, headers, timeoutsOnce) : read.body),
  };
}

/** A body that has been looked at, and is whole again. */
export interface BodyReading {
  /** null: longer than the limit, or not there. */
  readonly bytes: Uint8Array | null;
  readonly body: OriginRequest['body'];
}

/**
 * The body of a request, which over HTTP/2 nothing has to announce; null: there is none. Where its headers do not say it, the first
 * bytes are waited for: a write that arrived without its body would be another write.
 *
 * @throws {EdgeError} ERR_REQUEST_TIMEOUT where nothing comes, ERR_REQUEST_MALFORMED where it breaks off; ERR_INTERNAL where a
 *   handler has read it.
 */
export async function bodyOf(
  { method, body, bodyUsed }: Pick<Request, 'method' | 'body' | 'bodyUsed'>,
  headers: ReadonlyFields,
  timeouts: () => BodyTimeouts,
): Promise<ReadableStream<Uint8Array> | null> {
  const stream = body as ReadableStream<Uint8Array> | null;
  const isAnnounced = announcesBody(headers);
  // The platform would send it on empty: a write with nothing in it.
  if ((bodyUsed || stream?.locked) && isAnnounced) {
    throw new EdgeError('ERR_INTERNAL', {
      cause: new Error('a handler has read the body: it cannot be sent on'),
    });
  }
  if (stream === null || isAnnounced) return stream;
  if (method === 'GET' || method === 'HEAD' || headers.has('content-length')) return null;
  const start = await readClientBody(stream, 0, timeouts());
  return start.rest === null ? null : restOf(start);
}

/**
 * Reads a body up to a limit.
 *
 * @throws {EdgeError} ERR_REQUEST_TIMEOUT where it stops coming, or comes too slowly; ERR_REQUEST_MALFORMED where it breaks off.
 */
export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  { headers }: Pick<RequestFacts, 'headers'>,
  limitBytes: number,
  timeouts: BodyTimeouts,
  mayWrite: boolean,
): Promise<BodyReading> {
  const announced = announcedLength(headers) ?? 0;
  if (stream === null || announced > limitBytes) return { bytes: null, body: stream };
  const start = await readClientBody(stream, limitBytes, timeouts);
  if (start.rest !== null) return { bytes: null, body: restOf(start) };
  if (mayWrite) await checkWhole(start.bytes, headers);
  else checkLength(start.bytes, headers);
  const isShort = start.bytes.byteLength <= limitBytes;
  return { bytes: isShort ? start.bytes : null, body: start.bytes };
}
