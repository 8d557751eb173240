import { looksWhole } from '../cache/looks-whole.ts';
import { announcedLength, type ReadSoFar } from '../cache/store-body.ts';
import { EdgeError } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { joined } from '../http/read-bytes.ts';
import { within } from '../platform/deadline.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';

type Waiting = Pick<Platform, 'nowMs'> & { readonly limits: Policy['limits'] };

/** What a client is given for its body: so long between two bytes, and so long for all of it. */
export interface BodyTimeouts {
  readonly betweenBytesTimeoutMs: number;
  /** Milliseconds that are left for the whole. */
  leftMs(): number;
}

/** The timeouts of one body, from the moment when it is waited for. */
export function bodyTimeouts({ nowMs, limits }: Waiting): BodyTimeouts {
  const untilMs = nowMs() + limits.bodyTimeoutMs;
  return { betweenBytesTimeoutMs: limits.betweenBytesTimeoutMs, leftMs: () => untilMs - nowMs() };
}

/**
 * Reads a client's body until it ends, or until more than `limitBytes` have come.
 *
 * @throws {EdgeError} ERR_REQUEST_TIMEOUT where it stops coming, or comes too slowly; ERR_REQUEST_MALFORMED where it breaks off.
 */
export async function readClientBody(
  stream: ReadableStream<Uint8Array>,
  limitBytes: number,
  { betweenBytesTimeoutMs, leftMs }: BodyTimeouts,
): Promise<ReadSoFar> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= limitBytes) {
    const timeoutMs = Math.max(1, Math.min(betweenBytesTimeoutMs, leftMs()));
    const { done, value } = await within(reader.read(), timeoutMs).catch((cause: unknown) => {
      throw clientFailure(cause);
    });
    if (done) return { bytes: joined(chunks, length), rest: null };
    chunks.push(value);
    length += value.byteLength;
  }
  return { bytes: joined(chunks, length), rest: reader };
}

/**
 * A client's body, whole.
 *
 * @throws {EdgeError} as {@link readClientBody}, and ERR_BODY_TOO_LARGE.
 */
export async function wholeClientBody(
  stream: ReadableStream<Uint8Array> | null,
  headers: ReadonlyFields,
  limitBytes: number,
  timeouts: BodyTimeouts,
): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array(0);
  if ((announcedLength(headers) ?? 0) > limitBytes) throw new EdgeError('ERR_BODY_TOO_LARGE');
  const { bytes, rest } = await readClientBody(stream, limitBytes, timeouts);
  if (rest !== null || bytes.byteLength > limitBytes) {
    rest?.cancel().catch(() => {});
    throw new EdgeError('ERR_BODY_TOO_LARGE');
  }
  await checkWhole(bytes, headers);
  return bytes;
}

/**
 * The local server reads a body that breaks off as one that has ended: only its length can tell, or what is in it.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED where it is not whole.
 */
export async function checkWhole(bytes: Uint8Array, headers: ReadonlyFields): Promise<void> {
  checkLength(bytes, headers);
  if (announcedLength(headers) === null && !(await looksWhole(bytes, headers))) throw notWhole();
}

/** Of a body that nothing announces it says nothing. @throws {EdgeError} ERR_REQUEST_MALFORMED where it is not as long as announced. */
export function checkLength(bytes: Uint8Array, headers: ReadonlyFields): void {
  const announced = announcedLength(headers);
  if (announced !== null && announced !== bytes.byteLength) throw notWhole();
}

/** More than this no handler gets by `request.text()` and the like. */
const MAX_HANDLER_BYTES = 8_388_608;

/** The request for own handlers: `text()`, `json()` and the like wait no longer for its body than the policy says. */
export function withBodyTimeouts(request: Request, waiting: Waiting): Request {
  if (request.method === 'GET' || request.method === 'HEAD') return request;
  const readers = (['arrayBuffer', 'blob', 'formData', 'json', 'text'] as const)
    .filter((name) => typeof request[name] === 'function')
    .map((name) => [
      name,
      async () => {
        const stream = request.body as ReadableStream<Uint8Array> | null;
        const bytes = await wholeClientBody(
          stream,
          request.headers,
          MAX_HANDLER_BYTES,
          bodyTimeouts(waiting),
        );
        const type = request.headers.get('content-type');
        const body = bytes as Uint8Array<ArrayBuffer>;
        return new Response(body, type === null ? {} : { headers: { 'content-type': type } })[name]();
      },
    ]);
  return Object.assign(request, Object.fromEntries(readers));
}

function clientFailure(cause: unknown): EdgeError {
  const isTimeout = cause instanceof EdgeError && cause.code === 'ERR_ORIGIN_TIMEOUT';
  return isTimeout ? new EdgeError('ERR_REQUEST_TIMEOUT', { cause: cause.cause }) : brokenOff(cause);
}

function notWhole(): EdgeError {
  return brokenOff(new Error('the body is not whole'));
}

function brokenOff(cause: unknown): EdgeError {
  return new EdgeError('ERR_REQUEST_MALFORMED', { cause });
}
