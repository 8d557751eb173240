import { describe, expect, it } from 'vitest';
import { testEdge } from '../../../src/testing/index.ts';

const policy = (more: object) =>
  ({
    hosts: ['site.example'],
    origins: { app: { backend: 'origin' } },
    providers: {
      app: {
        algorithms: ['HS256'],
        keys: { secretStore: 'secrets', item: 'key', format: 'raw' },
        credentials: [{ cookie: 'session' }, { header: 'x-token' }],
      },
    },
    cms: { cookies: ['wp_*'] },
    scopes: {
      user: { claims: 'sub' },
      key: { parts: [{ header: 'X-Api-Key' }], providers: [] },
      visitor: { parts: [{ cookie: '_pk_id.*' }], providers: [] },
      theme: { claims: 'sub', parts: [{ header: 'x-theme', values: ['dark', 'light'] }] },
    },
    routes: { account: { path: '/account', scope: 'user' }, files: { path: '/files/**', lane: 'public' } },
    ...more,
  }) as never;

const FRESH = { 'cache-control': 'public, max-age=60', 'content-type': 'text/plain' };
const edgeWith = (more: object) =>
  testEdge(policy(more), {
    origin: ({ headers }) => new Response(headers.get('cookie') ?? 'nobody', { headers: FRESH }),
  });
const cookie = (value: string) => ({ headers: { cookie: value } });

describe('a path that no route names', () => {
  it.each([
    ['nobody', {}, 'public', 'anonymous'],
    ['cookies of analytics and consent', cookie('_ga=1; _ga_X1=2; CookieConsent=yes'), 'public', 'anonymous'],
    ['a cookie that the policy ignores', cookie('theme=dark; ab_home=b'), 'public', 'anonymous'],
    ['a cookie that nobody knows', cookie('_ga=1; PHPSESSID=x'), 'pass', 'fallback-cookie'],
    ['a cookie that is known in other letters', cookie('_GA=1'), 'pass', 'fallback-cookie'],
    ['the cookie of a provider', cookie('session=x'), 'pass', 'fallback-cookie'],
    ['a cookie without a name', cookie('_ga=1; abcdef'), 'pass', 'fallback-cookie'],
    ['a cookie whose name is empty', cookie('=abcdef'), 'pass', 'fallback-cookie'],
    ['nothing between semicolons', cookie('; _ga=1;; '), 'public', 'anonymous'],
    ['a token in a header', { headers: { 'x-token': 'x' } }, 'pass', 'fallback-credential'],
    ['a header that a scope takes whole', { headers: { 'x-api-key': 'k' } }, 'pass', 'fallback-credential'],
    ['a cookie that a scope takes whole', cookie('_pk_id.1=me'), 'pass', 'fallback-cookie'],
    ['a header of which a scope has a list', { headers: { 'x-theme': 'dark' } }, 'public', 'anonymous'],
    ['Authorization', { headers: { authorization: 'Bearer x' } }, 'pass', 'authorization-unclaimed'],
    ['an editor', cookie('wp_editor=x'), 'pass', 'cms-cookie'],
    ['a write', { method: 'POST' }, 'pass', 'unsafe-method'],
  ] as const)('auto, %s', async (_, request, lane, reason) => {
    const edge = await edgeWith({ fallback: 'auto', ignoreCookies: ['theme', 'ab_*'] });
    await edge.fetch('/home', request);
    expect(edge.logs.at(-1)).toMatchObject({ lane, reason });
  });

  it('auto: who has a session sees their own page, and the browser may keep what the origin says', async () => {
    const edge = await edgeWith({ fallback: 'auto' });
    expect(await (await edge.fetch('/settings')).text()).toBe('nobody');
    for (const person of ['a', 'b']) {
      const response = await edge.fetch('/settings', cookie(`PHPSESSID=${person}`));
      expect(await response.text()).toBe(`PHPSESSID=${person}`);
      expect(response.headers.get('cache-control')).toBe(FRESH['cache-control']);
      expect(edge.logs.at(-1)).toMatchObject({ state: 'BYPASS', detail: 'PHPSESSID' });
    }
    expect(await (await edge.fetch('/settings')).text()).toBe('nobody');
    expect(edge.logs.at(-1)).toMatchObject({ state: 'HIT' });
  });

  it('auto: what a route says of its paths is not touched', async () => {
    const edge = await edgeWith({ fallback: 'auto' });
    await edge.fetch('/files/a.txt', cookie('PHPSESSID=a'));
    expect(edge.logs.at(-1)).toMatchObject({ lane: 'public', reason: 'anonymous' });
  });

  it('auto: a name that is none is not logged', async () => {
    const edge = await edgeWith({ fallback: 'auto' });
    await edge.fetch('/home', cookie('<script>=1'));
    expect(edge.logs.at(-1)).toMatchObject({ reason: 'fallback-cookie', detail: '?' });
  });

  it('pass: everybody passes', async () => {
    const edge = await edgeWith({ fallback: 'pass' });
    await edge.fetch('/home');
    expect(edge.logs.at(-1)).toMatchObject({ lane: 'pass', reason: 'fallback-pass' });
  });

  it('public, the default: cookies are removed', async () => {
    const edge = await edgeWith({});
    expect(await (await edge.fetch('/home', cookie('PHPSESSID=a'))).text()).toBe('nobody');
  });
});
