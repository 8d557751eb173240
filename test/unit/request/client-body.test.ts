import { describe, expect, it } from 'vitest';
import { type BodyTimeouts, wholeClientBody, withBodyTimeouts } from '../../../src/request/client-body.ts';
import { policy } from '../support/pipeline.ts';

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const TIMEOUTS: BodyTimeouts = { betweenBytesTimeoutMs: 1000, leftMs: () => 1000 };

/** A chunk at a time, so far apart; it never ends where `pauseMs` is null. */
function streamOf(chunks: readonly string[], { pauseMs = 0 as number | null, fails = false } = {}): Bytes {
  const left = [...chunks];
  return new ReadableStream({
    async pull(controller) {
      if (pauseMs === null && left.length === 0) return new Promise<void>(() => {});
      if (pauseMs !== null) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const next = left.shift();
      if (next !== undefined) controller.enqueue(bytesOf(next));
      else if (fails) controller.error(new Error('chunk size'));
      else controller.close();
    },
  });
}
const read = (stream: Bytes | null, headers: Record<string, string> = {}, timeouts = TIMEOUTS, limit = 100) =>
  wholeClientBody(stream, new Headers(headers), limit, timeouts).then((bytes) =>
    new TextDecoder().decode(bytes),
  );

describe('a body that is waited for', () => {
  it('is there whole', async () => {
    expect(await read(streamOf(['two ', 'parts']), { 'content-length': '9' })).toBe('two parts');
    expect(await read(null)).toBe('');
  });

  it('that comes a byte at a time, each in time, is a 408 once its whole time is over', async () => {
    const from = Date.now();
    const timeouts = { betweenBytesTimeoutMs: 1000, leftMs: () => 100 - (Date.now() - from) };
    const slow = streamOf([...'a body of one byte each'], { pauseMs: 30 });
    await expect(read(slow, {}, timeouts)).rejects.toMatchObject({ code: 'ERR_REQUEST_TIMEOUT' });
  });

  it('that stops is a 408', async () => {
    const timeouts = { betweenBytesTimeoutMs: 20, leftMs: () => 60_000 };
    const stopped = streamOf(['begun'], { pauseMs: null });
    await expect(read(stopped, {}, timeouts)).rejects.toMatchObject({ code: 'ERR_REQUEST_TIMEOUT' });
  });

  it.each([
    ['breaks off', streamOf(['he'], { fails: true }), {}],
    ['ends before its length', streamOf(['he']), { 'content-length': '5' }],
    ['is JSON that does not end', streamOf(['{"a":1,']), { 'content-type': 'application/json' }],
  ])('that %s is a 400', async (_, stream, headers) => {
    await expect(read(stream, headers as Record<string, string>)).rejects.toMatchObject({
      code: 'ERR_REQUEST_MALFORMED',
    });
  });

  it('that is too long is a 413, announced or not', async () => {
    await expect(read(streamOf(['hello']), {}, TIMEOUTS, 4)).rejects.toMatchObject({
      code: 'ERR_BODY_TOO_LARGE',
    });
    const announced = read(streamOf(['hello']), { 'content-length': '5' }, TIMEOUTS, 4);
    await expect(announced).rejects.toMatchObject({ code: 'ERR_BODY_TOO_LARGE' });
  });
});

describe('a request for own handlers', () => {
  const limits = { ...policy.limits, betweenBytesTimeoutMs: 30, bodyTimeoutMs: 60 };
  const post = (body: Bytes) =>
    withBodyTimeouts(
      new Request('http://www.test/', { method: 'POST', body, duplex: 'half' } as RequestInit),
      {
        nowMs: Date.now,
        limits,
      },
    );

  it.each(['text', 'json', 'arrayBuffer'] as const)('is given its body by %s()', async (name) => {
    const got = await post(streamOf(['{"a"', ':1}']))[name]();
    if (name === 'arrayBuffer') expect((got as ArrayBuffer).byteLength).toBe(7);
    else expect(got).toEqual(name === 'json' ? { a: 1 } : '{"a":1}');
  });

  it.each(['text', 'json', 'arrayBuffer'] as const)('is not kept waiting by %s()', async (name) => {
    const stopped = post(streamOf(['{'], { pauseMs: null }));
    await expect(stopped[name]()).rejects.toMatchObject({ code: 'ERR_REQUEST_TIMEOUT' });
  });

  it('of a GET is left as it is', () => {
    const request = new Request('http://www.test/');
    expect(Object.keys(withBodyTimeouts(request, { nowMs: Date.now, limits }))).toEqual([]);
  });
});
