import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdgeError } from '../../../src/errors.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import type { Router } from '../../../src/routing/router.ts';
import { POLICY, router } from '../support/pipeline.ts';

/** The name of the route that a path is judged as, where it is another than the one that matches. */
const lookalikeIn = (of: Router) => (path: string) => {
  const { matched, route } = of.resolve(path);
  return route === matched ? null : route.name;
};

describe('the router', () => {
  it.each([
    ['/api/orders', 'orders'],
    ['/api/orders/7', 'order'],
    ['/api/orders/avatar/7', 'avatar'],
    ['/assets/a/b.css', 'assets'],
    ['/nothing', 'default'],
    ['/api/ordersx', 'default'],
  ])('%s is %s', (path, name) => {
    expect(router.match(path).name).toBe(name);
  });

  it('finds the origin by the route, the paths, or the first', () => {
    const of = (path: string) => router.originOf(router.match(path), path, 'www.test:80').name;
    expect(of('/media/x.png')).toBe('media');
    expect(of('/other')).toBe('app');
  });

  it('finds the origin of a host first', () => {
    const hosted = routerOf(
      compilePolicy({
        origins: {
          app: { backend: 'a' },
          files: { backend: 'f', paths: ['/files/**'] },
          shop: { backend: 's', hosts: ['Shop.test'] },
          pictures: { backend: 'p', hosts: ['shop.test'], paths: ['/pictures/**'] },
        },
        routes: {},
      }),
    );
    const of = (path: string, host: string) => hosted.originOf(hosted.match(path), path, host).name;
    expect(of('/', 'shop.test')).toBe('shop');
    expect(of('/pictures/1', 'shop.test:443')).toBe('pictures');
    expect(of('/files/1', 'shop.test')).toBe('shop');
    expect(of('/files/1', 'www.test')).toBe('files');
    expect(of('/pictures/1', 'www.test')).toBe('app');
  });

  it.each([
    '/api/orders/',
    '/api/orders.',
    '/api//orders',
    '/API/ORDERS',
    '/api/orders/x.css',
    '/api/orders;.js',
    '/api/orders%00',
    '/api/orders%2f',
    '/api/%6frders/a/b',
    '/api\\orders',
    '/x/../api/orders',
    '/Preview/x',
    '/api/payment/a.png',
    '/%2561pi/orders',
  ])('%s might be taken for a protected path', (path) => {
    if (path.includes('..')) return expect(() => router.resolve(path)).toThrow(EdgeError);
    const { route, isCmsPath } = router.resolve(path);
    expect(route.scope !== null || isCmsPath).toBe(true);
  });

  it('a path that is the same to an origin that folds it has that route for a twin, and so has one below it', () => {
    const lookalikeOf = lookalikeIn(router);
    for (const path of ['/API/orders', '/api//orders', '/api/orders;x', '/api/orders.', '/api/%6Frders'])
      expect(lookalikeOf(path), path).toBe('orders');
    expect(lookalikeOf('/API/orders/7')).toBe('order');
    expect(lookalikeOf('/api/orders/7/x.css')).toBe('order');
    for (const path of ['/api/orders', '/api/orders/7', '/page', '/PREVIEW/x'])
      expect(lookalikeOf(path), path).toBeNull();
  });

  it('a public route below a protected one is meant, until folding leads out of it', () => {
    const input = {
      ...POLICY,
      routes: {
        account: { path: '/account/**', scope: 'user' },
        help: { path: '/account/help/:topic', lane: 'public' },
      },
    } as const;
    const of = compilePolicy(input);
    const below = routerOf(of);
    const lookalikeOf = lookalikeIn(below);
    for (const path of ['/account/help/x', '/account/help/X', '/account/help/x;y', '/account/help/x/'])
      expect(lookalikeOf(path), path).toBeNull();
    for (const path of ['/account/help/;x', '/account/help/%00', '/Account/x'])
      expect(lookalikeOf(path) ?? below.match(path).name, path).toBe('account');
    expect(below.match('/account/help/;x').name).toBe('help');
  });

  it('every route that may be read in a path has to be satisfied, and the one that matched comes first', () => {
    const of = routerOf(
      compilePolicy({
        ...POLICY,
        revocation: { scopes: ['user'] },
        scopes: { ...POLICY.scopes, admin: { claims: 'sub', requiredClaims: { role: 'admin' } } },
        routes: {
          me: { path: '/api/me', scope: 'user' },
          api: { path: '/api/**', scope: 'user', revocation: true },
          files: { path: '/files/**', scope: 'admin' },
          readme: { path: '/files/readme', scope: 'user' },
          payment: { path: '/pay', scope: 'user', cache: false },
          paid: { path: '/pay/:id', scope: 'user' },
        },
      }),
    );
    const judged = (path: string) => {
      const { matched, route, also, isLookalike } = of.resolve(path);
      return [matched.name, route.name, also.map(({ name }) => name), isLookalike];
    };
    expect(judged('/files/readme')).toEqual(['readme', 'readme', [], false]);
    expect(judged('/files/README')).toEqual(['files', 'files', ['readme'], true]);
    expect(judged('/FILES/readme')).toEqual(['default', 'readme', ['files'], true]);
    expect(judged('/API/me')).toEqual(['default', 'me', ['api'], true]);
    // The same people, and no less is asked: kept as before.
    expect(judged('/api/ME')).toEqual(['api', 'api', [], false]);
    expect(judged('/api/me/settings')).toEqual(['api', 'api', [], false]);
    // A route below one that is never kept is meant; another spelling of it is not.
    expect(judged('/pay/7')).toEqual(['paid', 'paid', [], false]);
    expect(judged('/pay/%3fx')).toEqual(['paid', 'paid', ['payment'], true]);
  });

  it('below the root nothing is, and nothing is read where nothing is protected', () => {
    const root = routerOf(
      compilePolicy({ ...POLICY, cms: {}, routes: { home: { path: '/', scope: 'user' } } }),
    );
    expect(root.resolve('/a/b.css').route.name).toBe('default');
    expect(root.resolve('//').route.name).toBe('home');
    const open = routerOf(compilePolicy({ ...POLICY, cms: {}, scopes: {}, routes: {} }));
    expect(open.resolve('/a/%2525252525252541/;x')).toMatchObject({ isLookalike: false, also: [] });
  });

  it('no spelling in other letters or percent-encoding hides a protected path', () => {
    const spelt = fc
      .array(fc.constantFrom('plain', 'upper', 'encoded'), { minLength: 11, maxLength: 11 })
      .map((ways) =>
        [...'/api/orders']
          .map((char, i) => {
            if (char === '/') return char;
            if (ways[i] === 'upper') return char.toUpperCase();
            return ways[i] === 'encoded' ? `%${char.charCodeAt(0).toString(16)}` : char;
          })
          .join(''),
      );
    fc.assert(
      fc.property(spelt, fc.constantFrom('', '/x.css', '.', '/', '%20'), (path, tail) => {
        expect(router.resolve(path + tail).route.scope).not.toBeNull();
      }),
    );
  });
});
