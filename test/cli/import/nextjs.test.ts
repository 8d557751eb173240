import { describe, expect, it } from 'vitest';
import { coverOf } from '../../../cli/import/nextjs/matcher.ts';
import { authjs } from '../../../src/identity/presets/authjs.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { expectHit, expectIsolated, expectNeverStored } from '../../../src/testing/index.ts';
import { alice, bob, edgeOf, importFixture, importText, policyOf, probe } from './support.ts';

const session = { headers: { cookie: 'session=opaque' } };

describe('a matcher, and a cookie that is no JWT as far as can be told', () => {
  it('every path that the matcher covered passes with its cookie', async () => {
    const edge = await edgeOf(await importFixture('middleware-matcher.ts.txt'));
    for (const target of [
      '/about',
      '/about/a/b',
      '/dashboard',
      '/dashboard/settings',
      '/post/1',
      '/team/a/b',
      '/_next/data/build/dashboard.json',
    ]) {
      await expectNeverStored(edge, target, session);
      expect(edge.originRequests.at(-1)?.headers.get('cookie'), target).toBe('session=opaque');
    }
  });

  it('what it did not cover keeps its cookie too', async () => {
    const edge = await edgeOf(await importFixture('middleware-matcher.ts.txt'));
    await expectNeverStored(edge, '/settings', session);
    expect(edge.originRequests.at(-1)?.headers.get('cookie')).toBe('session=opaque');
  });

  it('with --token-cookie they are scoped: two people are kept apart', async () => {
    const run = await importFixture('middleware-matcher.ts.txt', [
      '--token-cookie',
      'session',
      '--issuer',
      'https://login.example.com',
      '--audience',
      'none',
    ]);
    const edge = await edgeOf(run, { 'cache-control': 'private, max-age=60' });
    await expectIsolated(edge, '/dashboard', [alice, bob]);
    await expectHit(edge, '/dashboard', alice);
    // Without a session the middleware redirects, as before.
    expect(await probe(edge, '/dashboard')).toMatchObject({ lane: 'pass' });
    expect(run.stderr).toContain('missing do not count');
  });
});

describe('a middleware that verifies a JWT', () => {
  const imported = (...args: string[]) => importFixture('middleware-jwt.ts.txt', args);

  it('its cookie, algorithm and issuer are taken over; the secret is named, and asked for nowhere', async () => {
    const run = await imported('--audience', 'none');
    expect(policyOf(run).providers?.site).toEqual({
      credentials: [{ cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'session_secret', format: 'raw' },
      issuer: 'https://www.example.com',
    });
    expect(run.stderr).toContain('session_secret: the source only names it');
    const open = await imported();
    expect(() => policyOf(open)).toThrow(/TODO in the policy: providers\.site\.audience/);
  });

  it('covers everything but what is for everybody: the files that the matcher left out', async () => {
    const edge = await edgeOf(await imported('--audience', 'none'));
    await expectIsolated(edge, '/account', [alice, bob]);
    for (const target of ['/', '/account', '/api/me', '/apiary', '/_next/image', '/favicon.icon'])
      expect(await probe(edge, target, alice), target).toMatchObject({ lane: 'scoped' });
    for (const target of ['/_next/static/chunks/a.js', '/favicon.ico'])
      expect(await probe(edge, target, alice), target).toMatchObject({ lane: 'public' });
  });

  it('pages and their payloads are told apart', async () => {
    const edge = await edgeOf(await imported('--audience', 'none'));
    const page = await probe(edge, '/account', alice);
    const payload = await probe(edge, '/account', { ...alice, headers: { rsc: '1' } });
    expect(payload.key).not.toBe(page.key);
  });

  it('editors in Draft Mode pass', async () => {
    const edge = await edgeOf(await imported('--audience', 'none'));
    await expectNeverStored(edge, '/account', { ...alice, headers: { cookie: '__prerender_bypass=1' } });
  });
});

describe('whatever stands in a matcher, its paths stay covered', () => {
  it.each([
    ['/about/:path*', ['/about', '/about/a', '/about/a/b']],
    ['/about/:path+', ['/about/a', '/about/a/b']],
    ['/about/(.*)', ['/about/', '/about/a/b']],
    ['/post/:id(\\d+)', ['/post/1']],
    ['/:lang(en|de)/account', ['/en/account', '/de/account']],
    ['/dashboard(.*)', ['/dashboard', '/dashboards', '/dashboard/a']],
    ['/foo-:slug', ['/foo-a', '/foo-b']],
    ['/{:lang/}?account', ['/account', '/en/account']],
    ['/((?!login|_next/static|.*\\.png$).*)', ['/', '/account', '/x/y/z', '/a.gif']],
    ['/', ['/']],
  ])('%s', (matcher, paths) => {
    const routes = Object.fromEntries(
      coverOf(matcher).cover.map((path, i) => [`r${i}`, { path, lane: 'pass' as const }]),
    );
    const router = routerOf(compilePolicy({ origins: { next: { backend: 'origin' } }, routes }));
    for (const path of paths) expect(router.match(path).kind, path).toBe('pass');
  });

  it.each([
    ['no matcher', 'export function middleware() {}'],
    [
      'one that only running the code could tell',
      'export function middleware() {}\nexport const config = { matcher: paths() };',
    ],
    ['proxy.ts of Next.js 16', 'export function proxy(request) {}'],
  ])('%s covers everything', async (_what, text) => {
    const { routes } = policyOf(await importText('middleware.js', text));
    expect(routes.everything).toEqual({ path: '/**', lane: 'pass' });
  });

  it('nothing of the file is run', async () => {
    const run = await importText(
      'middleware.js',
      "throw new Error('it ran');\nexport function middleware() { process.exit(1); }",
    );
    expect(run.status).toBe(0);
  });
});

describe('a middleware of Auth.js or NextAuth', () => {
  const MATCHER = "export const config = { matcher: ['/account/:path*'] };";

  it.each([
    ["export { default } from 'next-auth/middleware';", 4],
    ["import { withAuth } from 'next-auth/middleware';\nexport default withAuth();", 4],
    ["import { getToken } from 'next-auth/jwt';\nexport function middleware() {}", 4],
    ["export { auth as middleware } from '@/auth';", 5],
    ["import { auth } from './auth';\nexport default auth(() => {});", 5],
    ["import NextAuth from 'next-auth';\nexport const { auth: middleware } = NextAuth({});", 5],
  ] as const)('%s: its sessions are the provider', async (code, version) => {
    const run = await importText('middleware.ts', `${code}\n${MATCHER}\n`);
    const policy = policyOf(run);
    expect(policy.providers?.site).toEqual(authjs({ version }));
    expect(policy.routes).toMatchObject({ account: { scope: 'user', onMissing: 'pass', onInvalid: 'pass' } });
    expect(run.stderr).toContain('auth_secret: the source only names it');
    const edge = await edgeOf(run, { 'cache-control': 'private, max-age=60' });
    await expectIsolated(edge, '/account', [alice, bob]);
    await expectHit(edge, '/account', alice);
  });

  it('a cookie that a person names counts instead, and another library’s `auth` is none', async () => {
    const named = await importText(
      'middleware.ts',
      `export { auth as middleware } from '@/auth';\n${MATCHER}\n`,
      ['--token-cookie', 'session', '--issuer', 'https://login.example.com', '--audience', 'none'],
    );
    expect(policyOf(named).providers?.site?.credentials).toEqual([{ cookie: 'session' }]);
    const other = await importText('middleware.ts', `import { auth } from '@clerk/nextjs';\n${MATCHER}\n`);
    expect(policyOf(other).providers).toBeUndefined();
  });
});
