import { AssertionError } from 'node:assert';
import { definePolicy, type PolicyInput } from 'claimcache';
import { expectHit, expectIsolated, expectNeverStored, testEdge } from 'claimcache/testing';
import { describe, expect, it } from 'vitest';

const policy = definePolicy({
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['cms_session'] },
  providers: {
    idp: {
      algorithms: ['RS256'],
      keys: { discovery: 'https://idp.example', backend: 'idp' },
      issuer: 'https://idp.example',
      audience: 'site',
    },
  },
  scopes: {
    user: { claims: 'sub', providers: ['idp'] },
    team: { claims: 'team', providers: ['idp'], shared: true },
    admin: { claims: 'sub', providers: ['idp'], requiredClaims: { role: 'admin' } },
  },
  routes: {
    orders: { path: '/api/orders', scope: 'user', ttlSeconds: { max: 600 } },
    report: { path: '/api/report', scope: 'team', ttlSeconds: { max: 60 } },
    cards: { path: '/api/cards', scope: 'user', cache: false },
    admin: { path: '/api/admin', scope: 'admin' },
  },
});

const ALICE = { as: { sub: '42', team: 'a' } };
const BOB = { as: { sub: '43', team: 'a' } };
const CAROL = { as: { sub: '44', team: 'b' } };

const edgeOf = (of: PolicyInput = policy, cacheControl = 'private, max-age=600') => {
  let count = 0;
  return testEdge(of, {
    origin: () => new Response(`page ${++count}`, { headers: { 'cache-control': cacheControl } }),
  });
};

/** The same policy, but a route has lost or got something. */
const withRoutes = (routes: object) =>
  ({ ...policy, routes: { ...policy.routes, ...routes } }) as PolicyInput;

async function failing(work: Promise<void>): Promise<AssertionError> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(AssertionError);
  return error as AssertionError;
}

describe('expectIsolated', () => {
  it('holds for two people of one route, and for two teams', async () => {
    await expectIsolated(await edgeOf(), '/api/orders', [ALICE, BOB]);
    await expectIsolated(await edgeOf(policy, 'public, max-age=60'), '/api/report', [ALICE, CAROL]);
  });

  it('fails where a route has lost its scope, and says which one to give it', async () => {
    const edge = await edgeOf(withRoutes({ orders: { path: '/api/orders', lane: 'public' } }));
    const { message, actual, expected } = await failing(expectIsolated(edge, '/api/orders', [ALICE, BOB]));
    expect([actual, expected]).toEqual(['pass', 'scoped']);
    expect(message).toBe(
      'expectIsolated: GET /api/orders as {"sub":"42","team":"a"} is not kept apart by person, lane pass (authorization-unclaimed), route orders.\n' +
        'Fix: the route has no scope, so that the token of this request is not for the edge: give the route a scope.',
    );
  });

  it('fails where a credential in a cookie is for nobody, and one page is everybody’s', async () => {
    const edge = await edgeOf(withRoutes({ orders: { path: '/api/orders', lane: 'public' } }));
    const people = [{ headers: { cookie: 'sid=1' } }, { headers: { cookie: 'sid=2' } }] as const;
    const { message } = await failing(expectIsolated(edge, '/api/orders', people));
    expect(message).toContain("Fix: write `scope: 'user'` into the route orders.");
  });

  it('fails where no route matches, and where nobody asks', async () => {
    const edge = await edgeOf();
    for (const people of [
      [ALICE, BOB],
      [{}, {}],
    ] as const) {
      const astray = await failing(expectIsolated(edge, '/api/order', people));
      expect(astray.message).toContain('Fix: no route of the policy matches this path');
    }
    const nobody = await failing(expectIsolated(edge, '/api/orders', [ALICE, {}]));
    expect(nobody.message).toContain('401 ERR_CREDENTIAL_MISSING');
    expect(nobody.message).toContain("Fix: say who asks, `{ as: { sub: '42' } }`");
  });

  it('fails where the scope does not tell two people apart', async () => {
    const edge = await edgeOf(policy, 'public, max-age=60');
    const { message } = await failing(expectIsolated(edge, '/api/report', [ALICE, BOB]));
    expect(message).toContain('is one entry for both requests (scope team, surrogate keys');
    expect(message).toContain('Fix: let the claims of the scope team tell these two apart');
  });

  it('fails where the other has a page already', async () => {
    const edge = await edgeOf();
    await edge.fetch('/api/orders', BOB);
    const { message } = await failing(expectIsolated(edge, '/api/orders', [ALICE, BOB]));
    expect(message).toContain('is a HIT for who had not asked before');
  });

  it('fails on a page that is not cached at all, where it would prove nothing', async () => {
    const { message } = await failing(expectIsolated(await edgeOf(), '/api/cards', [ALICE, BOB]));
    expect(message).toContain('expectNeverStored is what proves that');
  });
});

describe('expectHit', () => {
  it('holds for what is stored', async () => {
    await expectHit(await edgeOf(), '/api/orders', ALICE);
    await expectHit(await edgeOf(policy, 'max-age=60'), '/anything');
  });

  it.each([
    ['no-store', '/api/orders', 'no-store', 'the origin of the test answers `no-store`'],
    ['', '/api/orders', 'no-freshness', 'or give the route `ttlSeconds: { default: 60 }`'],
    ['private, max-age=60', '/api/report', 'private', 'only `public` or `s-maxage` makes it theirs'],
  ])('fails where the origin says %j of %s: %s', async (cacheControl, path, reason, fix) => {
    const { message, actual } = await failing(expectHit(await edgeOf(policy, cacheControl), path, ALICE));
    expect(actual).toBe('MISS');
    expect(message).toContain(`is a MISS the second time (status 200, scope-verified, ${reason})`);
    expect(message).toContain(fix);
  });

  it('fails where the lane has no cache, the request is refused, a role is missing, or the origin is down', async () => {
    const edge = await edgeOf();
    const editor = { headers: { cookie: 'cms_session=1' } };
    expect((await failing(expectHit(edge, '/about', editor))).message).toContain('a cookie of an editor');
    expect((await failing(expectHit(edge, '/api/cards', ALICE))).message).toContain('`cache: false`');
    const expired = { ...ALICE, expiresInSeconds: -60 };
    expect((await failing(expectHit(edge, '/api/orders', expired))).message).toContain('has expired');
    expect((await failing(expectHit(edge, '/api/admin', ALICE))).message).toContain('`requiredClaims`');
    const other = { as: { team: 'a' } };
    expect((await failing(expectHit(edge, '/api/orders', other))).message).toContain('every claim');
    const down = await testEdge(policy, {
      origin: () => {
        throw new Error('no connection');
      },
    });
    expect((await failing(expectHit(down, '/api/orders', ALICE))).message).toContain('has thrown');
  });
});

describe('expectNeverStored', () => {
  it('holds for a sensitive route, for an answer that forbids it, and for a write', async () => {
    await expectNeverStored(await edgeOf(), '/api/cards', ALICE);
    await expectNeverStored(await edgeOf(policy, 'no-store'), '/api/orders', ALICE);
    await expectNeverStored(await edgeOf(), '/api/orders', { ...ALICE, method: 'POST', body: '{}' });
  });

  it('fails where a route has lost `cache: false`', async () => {
    const edge = await edgeOf(withRoutes({ cards: { path: '/api/cards', scope: 'user' } }));
    const { message, actual } = await failing(expectNeverStored(edge, '/api/cards', ALICE));
    expect(actual).toBe('MISS');
    expect(message).toContain('was stored: request 1 is a MISS, lane scoped (scope-verified), route cards.');
    expect(message).toContain('Fix: write `cache: false` into the route cards;');
  });

  it('fails where somebody else has stored it', async () => {
    const edge = await edgeOf();
    await edge.fetch('/api/orders', ALICE);
    const { message } = await failing(expectNeverStored(edge, '/api/orders', ALICE));
    expect(message).toContain('request 1 is a HIT');
  });

  it('fails where the request is refused, and nothing is proved', async () => {
    const { message } = await failing(expectNeverStored(await edgeOf(), '/api/cards'));
    expect(message).toContain('is refused, so that this proves nothing');
  });
});
