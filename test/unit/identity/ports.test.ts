import { describe, expect, it } from 'vitest';
import { createEdgeKv } from '../../../src/identity/edge-kv.ts';
import { createFetchKeys } from '../../../src/identity/fetch-keys.ts';
import type { CoreCachePort, CoreInsert } from '../../../src/platform/core-cache-port.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';

const REQUEST = { backend: 'idp', url: 'https://idp.example/jwks', timeoutMs: 20 };

describe('fetching keys', () => {
  it('asks the backend with GET and gives the body', async () => {
    let seen: OriginRequest | undefined;
    const fetchKeys = createFetchKeys(async (request) => {
      seen = request;
      return new Response('{"keys":["é"]}');
    });
    expect(await fetchKeys(REQUEST)).toBe('{"keys":["é"]}');
    expect(seen).toMatchObject({ backend: 'idp', method: 'GET', url: REQUEST.url, body: null });
  });

  it('takes 200 only, follows no redirect', async () => {
    for (const status of [204, 301, 304, 404, 500]) {
      const response = () => new Response(null, { status, headers: { location: 'https://evil.example/' } });
      await expect(createFetchKeys(async () => response())(REQUEST)).rejects.toThrow();
    }
  });

  it('gives up on a body that is too large, or that never ends', async () => {
    let pulled = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
    await expect(createFetchKeys(async () => new Response(endless()))(REQUEST)).rejects.toThrow('too large');
    expect(pulled).toBeLessThan(6);
    const stalled = () => new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
    await expect(createFetchKeys(async () => new Response(stalled()))(REQUEST)).rejects.toThrow('timeout');
    await expect(createFetchKeys(() => new Promise(() => {}))(REQUEST)).rejects.toThrow('timeout');
  });
});

describe('the edge memory', () => {
  function fakeCache() {
    const objects = new Map<string, { chunks: Uint8Array[]; options: CoreInsert }>();
    let usable = true;
    const cache: CoreCachePort = {
      transaction: async () => null,
      lookup(key) {
        const object = objects.get(key);
        if (object === undefined) return null;
        return {
          found: true,
          usable,
          stale: !usable,
          metadata: () => '',
          body: () => new Response(Buffer.concat(object.chunks)).body as ReadableStream<Uint8Array>,
          lengthBytes: null,
          ageMs: 0,
          maxAgeMs: 0,
          close: () => {},
        };
      },
      insert(key, _headers, options) {
        const chunks: Uint8Array[] = [];
        return {
          write: (chunk) => chunks.push(chunk),
          append: () => {},
          close: () => objects.set(key, { chunks, options }),
          abandon: () => {},
        };
      },
    };
    return { cache, objects, expire: () => (usable = false) };
  }

  it('gives back what it was told, until that is stale', async () => {
    const { cache, objects, expire } = fakeCache();
    const memory = createEdgeKv(cache);
    expect(await memory.get('k')).toBeNull();
    await memory.set('k', '{"a":"é"}', 60);
    expect(await memory.get('k')).toBe('{"a":"é"}');
    expect(objects.get('k')?.options).toMatchObject({ maxAgeMs: 60_000, surrogateKeys: ['edge:identity'] });
    expire();
    expect(await memory.get('k')).toBeNull();
  });

  it('forgets where the cache fails', async () => {
    const broken = () => {
      throw new Error('no cache');
    };
    const memory = createEdgeKv({ transaction: broken, lookup: broken, insert: broken });
    await memory.set('k', 'v', 1);
    expect(await memory.get('k')).toBeNull();
  });
});
