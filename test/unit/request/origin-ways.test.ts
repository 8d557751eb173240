import { describe, expect, it } from 'vitest';
import type { HttpCacheHooks, HttpCachePort } from '../../../src/platform/http-cache-port.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { originWays } from '../../../src/request/origin-ways.ts';

const policy = compilePolicy({
  origins: {
    app: { backend: 'origin', lock: { header: 'X-Origin-Secret', item: 'lock' } },
    open: { backend: 'open', paths: ['/open/**'] },
  },
  routes: {},
});

function platformWith(secret: string | null) {
  const sent: OriginRequest[] = [];
  const httpCache: HttpCachePort = {
    async fetch(request) {
      sent.push(request);
      throw new Error('far enough');
    },
  };
  const platform = {
    secret: async () => secret,
    fetchOrigin: async (request: OriginRequest) => {
      sent.push(request);
      return new Response();
    },
    httpCache,
  } as Partial<Platform> as Platform;
  return { sent, outbound: originWays(platform, policy) };
}

const to = (backend: string): OriginRequest => ({
  backend,
  method: 'GET',
  url: 'http://www.test/',
  headers: new Headers({ accept: '*/*' }),
  body: null,
});
const hooks: HttpCacheHooks = { beforeSend: () => undefined, afterSend: () => ({ kind: 'abandon' }) };

describe('a locked origin', () => {
  it('gets its secret on both ways to it, through the HTTP cache too', async () => {
    const { sent, outbound } = platformWith(' secret\n');
    await outbound.fetchOrigin(to('origin'));
    await expect(outbound.httpCache?.fetch(to('origin'), 'key', hooks)).rejects.toThrow('far enough');
    expect(sent.map(({ headers }) => headers.get('x-origin-secret'))).toEqual(['secret', 'secret']);
  });

  it('is not asked on either way where the secret cannot be had', async () => {
    const { sent, outbound } = platformWith(null);
    const refused = { code: 'ERR_ORIGIN_UNREACHABLE' };
    await expect(outbound.fetchOrigin(to('origin'))).rejects.toMatchObject(refused);
    await expect(outbound.httpCache?.fetch(to('origin'), 'key', hooks)).rejects.toMatchObject(refused);
    expect(sent).toEqual([]);
  });

  it('does not share its secret with another', async () => {
    const { sent, outbound } = platformWith('secret');
    await outbound.fetchOrigin(to('open'));
    expect(sent[0]?.headers.has('x-origin-secret')).toBe(false);
  });
});
