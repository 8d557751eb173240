import { describe, expect, it } from 'vitest';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { usableResponses } from '../../../src/origin/usable-response.ts';
import type { HttpCacheHooks } from '../../../src/platform/http-cache-port.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import type { Platform } from '../../../src/platform/platform.ts';

const REQUEST: OriginRequest = {
  backend: 'origin',
  method: 'GET',
  url: 'http://www.test/',
  headers: new HeaderFields(),
  body: null,
};

/** Of Node a `Response` with such a status cannot be had, as at the edge: what `fetch` gives is none of our making there. */
function answering(status: number, headers: Record<string, string> = {}) {
  const fields = new Headers(headers);
  const answer = { status, headers: fields, body: null } as Response;
  const hooked: HttpCacheHooks[] = [];
  const platform = {
    fetchOrigin: async () => answer,
    respond: (code, given, body) =>
      new Response(body as BodyInit | null, { status: code, headers: [...given] as [string, string][] }),
    httpCache: {
      async fetch(_request, _key, hooks) {
        hooked.push(hooks);
        await hooks.afterSend({ status, headers: fields } as never);
        return {
          status,
          headers: fields,
          body: null,
          cached: false,
          stale: false,
          masksError: false,
          ageSeconds: 0,
          ttlSeconds: 0,
        };
      },
    },
  } as Partial<Platform> as Platform;
  return { ways: usableResponses(platform), hooked };
}
const HOOKS: HttpCacheHooks = { beforeSend: () => undefined, afterSend: () => ({ kind: 'abandon' }) };

describe('an answer that cannot be handed on', () => {
  const table: [string, number, Record<string, string>][] = [
    ...[0, 42, 99, 100, 101, 103, 199, 600, 999].map((status): [string, number, Record<string, string>] => [
      `the status ${status}`,
      status,
      { 'cache-control': 'max-age=60' },
    ]),
    ['a transfer coding that packs', 200, { 'transfer-encoding': 'gzip, chunked' }],
    ['one in capitals', 200, { 'transfer-encoding': 'X-Deflate' }],
  ];
  it.each(table)('for %s is a failure of the origin', async (_, status, headers) => {
    const { ways } = answering(status, headers);
    await expect(ways.fetchOrigin(REQUEST)).rejects.toMatchObject({
      code: 'ERR_ORIGIN_RESPONSE',
      status: 502,
    });
  });

  it.each(table)('for %s is one before the HTTP cache stores it, at once', async (_, status, headers) => {
    const { ways, hooked } = answering(status, headers);
    const asked = ways.httpCache?.fetch(REQUEST, 'key', HOOKS);
    await expect(asked).rejects.toMatchObject({ code: 'ERR_ORIGIN_RESPONSE' });
    const candidate = { status, headers: new Headers(headers) } as never;
    expect(() => hooked[0]?.afterSend(candidate)).toThrow(
      expect.objectContaining({ code: 'ERR_ORIGIN_RESPONSE' }),
    );
  });

  it('nor one whose headers the runtime has lost', async () => {
    const { ways } = answering(200);
    const platform = {
      fetchOrigin: async () =>
        ({
          status: 200,
          headers: {
            get: (name: string) => (name === 'content-length' ? '2' : null),
            keys: () => [].values(),
          },
        }) as never,
    } as Partial<Platform> as Platform;
    await expect(usableResponses(platform).fetchOrigin(REQUEST)).rejects.toMatchObject({
      code: 'ERR_ORIGIN_RESPONSE',
    });
    // One that really has none is an answer.
    expect((await ways.fetchOrigin(REQUEST)).status).toBe(200);
  });
});

describe('any other answer', () => {
  it.each([200, 206, 299, 418, 599])('of %s is the origin’s own', async (status) => {
    const headers = { 'content-length': '2', 'transfer-encoding': 'Chunked' };
    const answer = await answering(status, headers).ways.fetchOrigin(REQUEST);
    expect(answer.headers.get('content-length')).toBe('2');
  });

  it.each([204, 205, 304])('of %s has no length', async (status) => {
    const answer = await answering(status, { 'content-length': '2', etag: '"a"' }).ways.fetchOrigin(REQUEST);
    expect([answer.status, [...answer.headers]]).toEqual([status, [['etag', '"a"']]]);
  });
});
