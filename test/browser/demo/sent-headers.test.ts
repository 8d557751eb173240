import { type TestRequest, testEdge } from 'claimcache/testing';
import { expect, test } from 'vitest';
import { requestLine } from '../../../cli/log/request-line.ts';
import { sentHeaders } from '../../../demo/web/src/console/sent-headers.ts';
import { definePolicy } from '../../../src/policy/define.ts';

const policy = definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
      issuer: 'https://app.example',
      audience: 'app',
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: {
    me: { path: '/me/**', scope: 'user', ttlSeconds: { max: 300 }, staleIfErrorSeconds: 600 },
    page: { path: '/page/**', lane: 'public' },
    account: { path: '/account', lane: 'pass' },
  },
  fallback: 'public',
});

const NAMES = ['x-cache', 'cache-status', 'cache-control', 'age'];

test('the console tells the headers that were sent, whatever became of the request', async () => {
  let isDown = false;
  const edge = await testEdge(policy, {
    origin(request) {
      if (isDown) return new Response('down', { status: 503 });
      const { pathname } = new URL(request.url);
      if (pathname === '/me/changed' && request.headers.has('if-none-match')) {
        return new Response(null, { status: 304, headers: { etag: '"1"', 'cache-control': 'max-age=100' } });
      }
      const kept = pathname.endsWith('/none') ? 'no-store' : 'max-age=60';
      return new Response('a page', {
        headers: { 'cache-control': kept, etag: '"1"', 'content-length': '6' },
      });
    },
  });
  const as = { sub: '42' };
  const states: string[] = [];
  const check = async (path: string, request: TestRequest = {}) => {
    const response = await edge.fetch(path, request);
    const line = requestLine(edge.logs.at(-1) as NonNullable<(typeof edge.logs)[0]>, 1);
    const told = Object.fromEntries(sentHeaders(line).map(([name, value]) => [name.toLowerCase(), value]));
    const sent = Object.fromEntries(
      NAMES.filter((name) => name in told || name === 'cache-status').map((name) => [
        name,
        response.headers.get(name),
      ]),
    );
    expect({ 'cache-status': null, ...told }, `${path} ${line.state} ${line.detail}`).toEqual(sent);
    states.push(`${line.state} ${line.detail}`);
  };

  await check('/me/a', { as });
  edge.advance(7);
  await check('/me/a', { as });
  await check('/me/changed', { as });
  edge.advance(61);
  await check('/me/changed', { as });
  isDown = true;
  edge.advance(200);
  await check('/me/a', { as });
  isDown = false;
  await check('/me/none', { as });
  await check('/me/a');
  await check('/page/1');
  await check('/page/1');
  await check('/page/none');
  await check('/account');
  await check('/me/a', { as, method: 'PUT', body: 'x' });
  // Each way has been gone.
  expect(states).toEqual(
    expect.arrayContaining([
      'MISS stored',
      'HIT fresh',
      'MISS revalidated',
      'STALE if-error',
      'MISS no-store',
      'ERROR ',
      'BYPASS ',
    ]),
  );
});
