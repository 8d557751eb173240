import type { BodySource, CacheResult } from '../cache/cache-engine.ts';
import { EdgeError } from '../errors.ts';
import { refusesIdentity, takesCoding } from '../http/accept-encoding.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { forbidsTransform } from '../http/no-transform.ts';
import { failingLoudly, readBytes } from '../http/read-bytes.ts';
import { addVary } from '../http/vary.ts';
import { originFailure } from '../origin/origin-failure.ts';

/** What the runtime can decode, by the name that HTTP has for it. */
const DECODABLE: Readonly<Record<string, 'gzip' | 'deflate'>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
};
/** What is decoded, or encoded, in memory: more is streamed. */
const MAX_IN_MEMORY_BYTES = 1_048_576;
/** Below that what is saved is not worth a header. */
const MIN_COMPRESSED_BYTES = 1024;
const TEXT =
  /^\s*(?:text\/(?!event-stream)|application\/(?:(?:[\w.-]+\+)?(?:json|xml)|(?:x-)?javascript|manifest|wasm|graphql)|image\/svg\+xml|font\/(?:ttf|otf))/i;

/** A body, and the headers to it. */
interface Coded {
  readonly headers: HeaderFields;
  readonly body: BodySource | null;
}

type Answer = Pick<CacheResult, 'state' | 'status' | 'body' | 'stored' | 'detail'>;

/**
 * The body in a coding that the client takes, and the headers to it: as they are, or decoded here where the origin has sent what the
 * client did not ask for. `compress`: Fastly is told to compress text that is stored and not encoded.
 *
 * @param accept - `Accept-Encoding` of the client.
 * @param cutOff - Called where a body fails that is on its way.
 * @throws {EdgeError} ERR_NOT_ACCEPTABLE where that cannot be had (RFC 9110 section 15.5.7).
 */
export function inAcceptedCoding(
  accept: string | null,
  isRange: boolean,
  compress: boolean,
  answer: Answer,
  headers: HeaderFields,
  cutOff: () => void,
): Coded {
  const { body } = answer;
  if (body === null) return { headers, body };
  const encoding = headers.get('content-encoding');
  if (encoding === null || encoding === '' || encoding === 'identity') {
    const mayCompress = compress && isCompressible(answer, headers);
    if (refusesIdentity(accept)) {
      if (!mayCompress || !takesCoding(accept, 'gzip')) return notAcceptable(body);
      const packed = inAnotherForm(headers);
      packed.set('content-encoding', 'gzip');
      return { headers: packed, body: through(body, () => new CompressionStream('gzip'), cutOff) };
    }
    if (!mayCompress) return { headers, body };
    const varied = new HeaderFields(headers);
    addVary(varied, ['Accept-Encoding']);
    if (!isRange && accept !== null && isCompressedFor(accept)) {
      varied.set('x-compress-hint', 'on');
      weaken(varied);
    }
    return { headers: varied, body };
  }
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const isTaken = accept !== null && codings.every((coding) => takesCoding(accept, coding));
  if (isTaken) return { headers, body };
  const [coding = ''] = codings;
  const format = codings.length === 1 ? DECODABLE[coding] : undefined;
  if (format === undefined) return accept === null ? { headers, body } : notAcceptable(body);
  if (refusesIdentity(accept)) return notAcceptable(body);
  const plain = inAnotherForm(headers);
  plain.delete('content-encoding');
  return { headers: plain, body: through(body, () => new DecompressionStream(format), cutOff) };
}

/** Only what everybody gets, or what its route allows: of an answer that was not stored nobody knows what secret is in it. */
function isCompressible({ state, status, body, stored, detail }: Answer, headers: ReadonlyFields): boolean {
  const isForMany = stored || state === 'HIT' || state === 'STALE' || detail === 'streaming';
  if (status !== 200 || !isForMany || headers.has('set-cookie')) return false;
  const lengthBytes = body?.lengthBytes ?? null;
  if (lengthBytes !== null && lengthBytes < MIN_COMPRESSED_BYTES) return false;
  return TEXT.test(headers.get('content-type') ?? '') && !forbidsTransform(headers.get('cache-control'));
}

/** What Fastly compresses with. */
function isCompressedFor(accept: string): boolean {
  return takesCoding(accept, 'br') || takesCoding(accept, 'gzip');
}

/** The same content in other bytes: neither its length nor its strong validator holds (RFC 9110 section 8.8.1). */
function inAnotherForm(headers: ReadonlyFields): HeaderFields {
  const fields = new HeaderFields(headers);
  weaken(fields);
  fields.delete('content-length');
  for (const digest of ['content-md5', 'digest', 'repr-digest', 'content-digest', 'accept-ranges'])
    fields.delete(digest);
  addVary(fields, ['Accept-Encoding']);
  return fields;
}

function weaken(headers: HeaderFields): void {
  const etag = headers.get('etag');
  if (etag?.startsWith('"')) headers.set('etag', `W/${etag}`);
}

function notAcceptable(body: BodySource): never {
  body.discard();
  throw new EdgeError('ERR_NOT_ACCEPTABLE');
}

function through(
  body: BodySource,
  transform: () => CompressionStream | DecompressionStream,
  cutOff: () => void,
): BodySource {
  const piped = (stream: ReadableStream<Uint8Array>) =>
    stream.pipeThrough(transform() as unknown as ReadableWritablePair<Uint8Array, Uint8Array>);
  const changed = (bytes: Uint8Array) =>
    piped(new Response(bytes as Uint8Array<ArrayBuffer>).body as ReadableStream<Uint8Array>);
  return {
    lengthBytes: null,
    slice: null,
    discard: () => body.discard(),
    async open() {
      const opened = await body.open();
      if (!(opened instanceof Uint8Array)) return failingLoudly(piped(opened), cutOff);
      try {
        // Small, it goes out with its length; what unpacks to more is streamed.
        return (
          (await readBytes(changed(opened), MAX_IN_MEMORY_BYTES)) ?? failingLoudly(changed(opened), cutOff)
        );
      } catch (cause) {
        throw originFailure(cause);
      }
    },
  };
}
