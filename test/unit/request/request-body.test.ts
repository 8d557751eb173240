import { describe, expect, it } from 'vitest';
import type { BodyTimeouts } from '../../../src/request/client-body.ts';
import { bodyOf } from '../../../src/request/request-body.ts';

const timeouts = (ms: number) => (): BodyTimeouts => ({ betweenBytesTimeoutMs: ms, leftMs: () => ms });

const streamOf = (...chunks: string[]) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
const textOf = async (stream: ReadableStream<Uint8Array> | null) =>
  stream === null ? null : new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();

/** The platform gives every write a stream, whether there is something in it or not. */
const read = (method: string, headers: Record<string, string>, ...chunks: string[]) =>
  bodyOf({ method, body: streamOf(...chunks), bodyUsed: false }, new Headers(headers), timeouts(1000));

describe('the body of a request', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'of a %s that announces none is there where it comes',
    async (method) => {
      expect(await textOf(await read(method, {}, '', 'two ', 'parts'))).toBe('two parts');
      expect(await read(method, {})).toBeNull();
      expect(await read(method, {}, '')).toBeNull();
    },
  );

  it('that is announced is not waited for', async () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>();
    for (const headers of [{ 'content-length': '5' }, { 'transfer-encoding': 'chunked' }])
      expect(await bodyOf({ method: 'POST', body, bodyUsed: false }, new Headers(headers), timeouts(1))).toBe(
        body,
      );
    expect(body.locked).toBe(false);
  });

  it('of no length, or of a GET, is none', async () => {
    expect(await read('POST', { 'content-length': '0' })).toBeNull();
    expect(await read('GET', {}, 'x')).toBeNull();
    expect(
      await bodyOf({ method: 'POST', body: null, bodyUsed: false }, new Headers(), timeouts(1)),
    ).toBeNull();
  });

  it('that a handler has read is not sent on as if there had been nothing in it', async () => {
    const request = new Request('http://www.test/', { method: 'POST', body: 'x' });
    await request.text();
    const asked = bodyOf(request, new Headers({ 'content-length': '1' }), timeouts(1));
    await expect(asked).rejects.toMatchObject({ code: 'ERR_INTERNAL' });
  });

  it('that never begins is a 408', async () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>();
    await expect(
      bodyOf({ method: 'POST', body, bodyUsed: false }, new Headers(), timeouts(5)),
    ).rejects.toMatchObject({
      code: 'ERR_REQUEST_TIMEOUT',
    });
  });
});
