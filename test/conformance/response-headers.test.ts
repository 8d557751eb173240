import { describe, expect, it } from 'vitest';
import type { Answer } from '../support/send.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { PERSONAL_PATHS, SENSITIVE_PATH, TEAM_PATH } from './support/pages.ts';
import { alice, logIn } from './support/people.ts';

const INTERNAL =
  /^(?:surrogate-|fastly-|x-claimcache-|cdn-cache-control$|x-cache-hits$|x-timer$|x-served-by$)/;
/** Surrogate keys, cache keys, and whatever else names somebody. */
const INSIDE = /user:42|team:~|route:|orders-list|dashboard-page|profile-page|\blab-surrogate\b|\["?app"?,/;

function expectNothingInternal({ headers }: Answer): void {
  for (const name of Object.keys(headers)) expect(name).not.toMatch(INTERNAL);
  const { etag: _, ...rest } = headers;
  expect(JSON.stringify(rest)).not.toMatch(INSIDE);
}

describe('nothing internal leaves', () => {
  it.each([...PERSONAL_PATHS, SENSITIVE_PATH, TEAM_PATH, '/api/lab/surrogate'])('on %s', async (path) => {
    const target = unseen(path);
    const token = await logIn(alice);
    for (let i = 0; i < 2; i++) expectNothingInternal(await edgeAs(token, target));
    expectNothingInternal(await edgeAs(token, target, { method: 'HEAD' }));
    expectNothingInternal(await edgeAs(token, target, { method: 'PUT' }));
    expectNothingInternal(await edge(target));
  });

  it.each([
    '/',
    '/pages/welcome',
    '/lab/surrogate',
    '/assets/a.js',
    '/echo',
    '/no-such-page',
    '/.edge/health',
  ])('on %s', async (path) => {
    const target = unseen(path);
    for (let i = 0; i < 2; i++) expectNothingInternal(await edge(target));
    expectNothingInternal(await edge(target, { headers: { cookie: 'cms_session=any' } }));
  });

  it('when a client asks for it', async () => {
    const headers = {
      'fastly-debug': '1',
      'surrogate-capability': 'x="ESI/1.0"',
      'x-claimcache-debug': '1',
      'fastly-debug-path': '1',
    };
    for (let i = 0; i < 2; i++) {
      expectNothingInternal(await edge('/pages/welcome', { headers }));
      expectNothingInternal(await edgeAs(await logIn(alice), '/api/orders', { headers }));
    }
  });
});

it('what only the platform and the edge may say is not taken from a client', async () => {
  const headers = {
    'fastly-client-ip': '203.0.113.9',
    'fastly-xqd-cache-key': 'odd',
    'surrogate-key': 'odd',
    'x-claimcache-claims': '{"tenant.id":"globex","role":"owner"}',
    'x-claimcache-fingerprint': 'odd',
    'x-auth-route': 'odd',
    'cdn-cache-control': 'odd',
  };
  const token = await logIn(alice);
  const passed = await edge('/echo', { headers: { ...headers, cookie: 'cms_session=any' } });
  const written = await edge('/echo', { method: 'POST', headers });
  const cached = await edgeAs(token, unseen('/api/lab/headers'), { headers });
  for (const answer of [passed, written, cached]) {
    const seen = answer.json<{ headers: Record<string, string> }>().headers;
    expect(JSON.stringify(seen)).not.toMatch(/odd|globex|203\.0\.113\.9/);
  }
  const report = await edgeAs(token, unseen(TEAM_PATH), { headers });
  expect(report.json()).toMatchObject({ tenant: 'acme', role: 'member' });
});

it('a scoped page tells browsers to revalidate, unless its route says otherwise, and to keep apart whoever asks', async () => {
  const token = await logIn(alice);
  for (const path of [...PERSONAL_PATHS, TEAM_PATH]) {
    const target = unseen(path);
    for (const state of ['MISS', 'HIT']) {
      const { headers, cache } = await edgeAs(token, target);
      expect(cache, path).toBe(state);
      expect(headers['cache-control']).toBe(path === TEAM_PATH ? 'private, max-age=30' : 'private, no-cache');
      const vary = (headers.vary ?? '').toLowerCase().split(/\s*,\s*/);
      expect(vary).toEqual(expect.arrayContaining(['authorization', 'cookie']));
      expect(new Set(vary).size).toBe(vary.length);
      expect(headers).not.toHaveProperty('expires');
    }
  }
});

it('a public page keeps the freshness that the origin gave it', async () => {
  const target = unseen('/pages/welcome');
  for (const state of ['MISS', 'HIT']) {
    const { headers, cache } = await edge(target);
    expect(cache).toBe(state);
    expect(headers['cache-control']).toBe('public, max-age=60, s-maxage=300');
    expect(headers.vary).toMatch(/cookie/i);
  }
});

it('Cache-Status and Age say what the cache did', async () => {
  const target = unseen('/api/orders');
  const token = await logIn(alice);
  const miss = await edgeAs(token, target);
  expect(miss.headers['cache-status']).toMatch(/^claimcache;fwd=uri-miss;stored;ttl=\d+$/);
  const hit = await edgeAs(token, target);
  expect(hit.headers['cache-status']).toMatch(/^claimcache;hit;ttl=\d+$/);
  const ttl = Number(/ttl=(\d+)/.exec(hit.headers['cache-status'] as string)?.[1]);
  // The route's `max` is 600.
  expect(ttl).toBeGreaterThan(0);
  expect(ttl).toBeLessThanOrEqual(600);
  expect(Number(hit.headers.age)).toBeGreaterThanOrEqual(0);
  expect(Number(hit.headers.age) + ttl).toBeLessThanOrEqual(600);
  const bypass = await edgeAs(token, unseen(SENSITIVE_PATH));
  expect(bypass.headers['cache-status']).toMatch(/^claimcache;fwd=bypass;detail=/);
  const unstored = await edgeAs(token, unseen('/api/lab/no-store'));
  expect(unstored.headers['cache-status']).toBe('claimcache;fwd=uri-miss;detail=no-store');
});

it('a small page goes out with its length, stored or not', async () => {
  const target = unseen('/api/orders');
  const token = await logIn(alice);
  for (let i = 0; i < 2; i++) {
    const { headers, bytes } = await edgeAs(token, target);
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(headers).not.toHaveProperty('transfer-encoding');
  }
});
