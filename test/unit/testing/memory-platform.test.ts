import { describe, expect, it } from 'vitest';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { memoryKv } from '../../../src/testing/memory-kv.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';

const OPTIONS = {
  maxAgeMs: 60_000,
  initialAgeMs: 0,
  staleWhileRevalidateMs: 0,
  surrogateKeys: [],
  vary: [],
  metadata: '',
  lengthBytes: null,
};

describe('the platform in memory does as the edge does', () => {
  it('an announced length is known while the body is still coming, another one at its end', () => {
    const { port } = memoryCache({ nowMs: 0 });
    const announced = port.insert('a', null, { ...OPTIONS, lengthBytes: 3 });
    const unannounced = port.insert('b', null, OPTIONS);
    const lengths = () => ['a', 'b'].map((key) => port.lookup(key)?.lengthBytes);
    expect(lengths()).toEqual([3, null]);
    for (const writer of [announced, unannounced]) {
      writer.write(new Uint8Array(3));
      writer.close();
    }
    expect(lengths()).toEqual([3, 3]);
  });

  it('an item of the KV Store is gone when its time is over', async () => {
    let nowMs = 0;
    const kv = memoryKv(() => nowMs);
    await kv.writeKv('revocations', 'a', 'item', 60);
    nowMs = 59_999;
    expect(await kv.readKv('revocations', 'a')).toBe('item');
    expect(await kv.readKv('other', 'a')).toBeNull();
    nowMs = 60_000;
    expect(await kv.readKv('revocations', 'a')).toBeNull();
  });

  it.each([
    ['bytes have the length that they have', 200, '99', new Uint8Array(4), '4'],
    ['a stream has the one that was announced', 200, '99', new Response('body').body, '99'],
    ['a length that is none does not go out', 200, '5, 5', new Response('body').body, null],
    ['HEAD says what GET would have', 200, '99', null, '99'],
    ['a 304 has none', 304, '99', null, null],
    ['a 204 has no body', 204, '4', new Uint8Array(4), null],
  ])('%s', (_what, status, announced, body, sent) => {
    const { respond } = memoryPlatform();
    const response = respond(status, new Headers({ 'content-length': announced }), body);
    expect(response.headers.get('content-length')).toBe(sent);
    if (status !== 200) expect(response.body).toBeNull();
  });
});
