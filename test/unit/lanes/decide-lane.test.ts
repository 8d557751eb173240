import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphqlOperation, GraphqlQuery } from '../../../src/graphql/graphql-operation.ts';
import type { CacheDecision, Decision, PassDecision } from '../../../src/lanes/decision.ts';
import type { Switches } from '../../../src/lanes/switches.ts';
import { ALICE, decisionOf, verified } from '../support/pipeline.ts';

const cookie = (value: string) => ({ headers: { cookie: value } });
const bearer = { headers: { authorization: 'Bearer x' } };

describe('the lane of a request', () => {
  const table: [string, Parameters<typeof decisionOf>, string, string][] = [
    ['anonymous', ['/'], 'public', 'anonymous'],
    ['anonymous HEAD', ['/', { method: 'HEAD' }], 'public', 'anonymous'],
    ['with any cookie', ['/', cookie('a=b; session=x')], 'public', 'anonymous'],
    ['a CMS cookie', ['/', cookie('a=b; cms_session=x')], 'pass', 'cms-cookie'],
    ['a cookie whose name only ends like one', ['/', cookie('xcms_session=x')], 'public', 'anonymous'],
    ['a cookie whose value holds the name', ['/', cookie('a=cms_session')], 'public', 'anonymous'],
    ['a CMS path', ['/preview/home'], 'pass', 'cms-path'],
    ['Authorization where no scope claims it', ['/', bearer], 'pass', 'authorization-unclaimed'],
    ['Basic', ['/', { headers: { authorization: 'Basic eA==' } }], 'pass', 'authorization-unclaimed'],
    ['an anonymous POST', ['/login', { method: 'POST' }], 'pass', 'unsafe-method'],
    ['OPTIONS', ['/', { method: 'OPTIONS' }], 'pass', 'preflight'],
    [
      'OPTIONS on a scoped route',
      ['/api/orders', { method: 'OPTIONS', identity: verified() }],
      'pass',
      'preflight',
    ],
    ['a route of the pass lane', ['/live'], 'pass', 'route-pass'],
    ['scoped and verified', ['/api/orders', { identity: verified() }], 'scoped', 'scope-verified'],
    [
      'scoped, with a CMS cookie',
      ['/api/orders', { identity: verified(), ...cookie('cms_session=x') }],
      'pass',
      'scope-editor',
    ],
    ['scoped, a write', ['/api/orders', { identity: verified(), method: 'PUT' }], 'pass', 'scope-write'],
    ['scoped, sensitive', ['/api/payment', { identity: verified() }], 'pass', 'scope-sensitive'],
    ['onMissing: public', ['/api/open'], 'public', 'scope-fallback-public'],
    ['onMissing: public, a write', ['/api/open', { method: 'POST' }], 'pass', 'scope-fallback-pass'],
    [
      'onMissing: public, with a CMS cookie',
      ['/api/open', cookie('cms_session=x')],
      'pass',
      'scope-fallback-pass',
    ],
    [
      'onInvalid: pass',
      ['/api/open', { identity: { kind: 'invalid', code: 'ERR_TOKEN_EXPIRED' } }],
      'pass',
      'scope-fallback-pass',
    ],
    ['an encoded slash', ['/a%2fb'], 'pass', 'ambiguous-target'],
    ['a parameter', ['/a;b'], 'pass', 'ambiguous-target'],
    ['below a scoped path', ['/api/orders/1/x.css', { identity: verified() }], 'pass', 'protected-lookalike'],
    ['below a scoped path, and nobody', ['/api/orders/1/x.css'], 'reject', 'error'],
    ['in other letters, verified', ['/API/Orders', { identity: verified() }], 'pass', 'protected-lookalike'],
    ['with encoded letters', ['/api/%6frders', { identity: verified() }], 'scoped', 'scope-verified'],
    ['with another slash', ['/api//orders', { identity: verified() }], 'pass', 'ambiguous-target'],
    ['in other letters, and nobody', ['/API/Orders'], 'reject', 'error'],
    ['in other letters, where nobody is let in too', ['/API/Open'], 'pass', 'protected-lookalike'],
    [
      'a public route that the policy put below a scoped one',
      ['/api/orders/avatar/7'],
      'public',
      'anonymous',
    ],
    ['the switch cache=pass', ['/', { switches: { all: 'pass' } }], 'pass', 'switch-pass'],
    ['no switch can be read', ['/', { switches: { all: 'unreadable' } }], 'pass', 'switches-unreadable'],
    ['the switch of a route', ['/', { switches: { route: () => 'pass' } }], 'pass', 'switch-pass'],
    [
      'observe',
      ['/api/orders', { identity: verified(), switches: { route: () => 'observe' } }],
      'pass',
      'switch-observe',
    ],
  ];
  it.each(table)('%s', (_, args, lane, reason) => {
    expect(decisionOf(...args)).toMatchObject({ lane, reason });
  });

  it('a GET with a body passes', () => {
    const headers = { 'content-length': '3' };
    expect(decisionOf('/', { headers })).toMatchObject({ lane: 'pass', reason: 'body-on-get' });
  });

  it.each([
    [{ kind: 'missing' }, 'ERR_CREDENTIAL_MISSING'],
    [{ kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' }, 'ERR_TOKEN_SIGNATURE'],
    [{ kind: 'invalid', code: 'ERR_SCOPE_INSUFFICIENT' }, 'ERR_SCOPE_INSUFFICIENT'],
    [{ kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' }, 'ERR_KEYS_UNAVAILABLE'],
    [verified({ ...ALICE, claims: {} }), 'ERR_SCOPE_CLAIM'],
  ] as const)('%j is rejected', (identity, code) => {
    for (const headers of [{}, { cookie: 'cms_session=forged' }] as Record<string, string>[]) {
      expect(decisionOf('/api/orders', { identity, headers })).toMatchObject({ lane: 'reject', code });
    }
  });

  it('keys that cannot be had, and a missing role, never fall back', () => {
    for (const code of ['ERR_KEYS_UNAVAILABLE', 'ERR_RATE_LIMITED'] as const) {
      expect(decisionOf('/api/open', { identity: { kind: 'unavailable', code } }).lane).toBe('reject');
    }
    expect(
      decisionOf('/api/open', { identity: { kind: 'invalid', code: 'ERR_SCOPE_INSUFFICIENT' } }).lane,
    ).toBe('reject');
  });
});

describe('on a GraphQL endpoint', () => {
  const QUERY: GraphqlQuery = {
    kind: 'query',
    digest: 'd1',
    body: '{"query":"{a}"}',
    parameters: '',
    rest: '',
    accept: 'application/json',
    fields: ['a'],
    asked: null,
  };
  const ofAlice = (operation: GraphqlOperation, more: Parameters<typeof decisionOf>[1] = {}) =>
    decisionOf('/graphql', { method: 'POST', identity: verified(), operation, ...more });
  const ofNobody = (operation: GraphqlOperation, more: Parameters<typeof decisionOf>[1] = {}) =>
    decisionOf('/graphql/public', { method: 'POST', operation, ...more });

  it('a POSTed query is cached, for one person and for everybody', () => {
    const headers = { 'content-length': '15' };
    expect(ofAlice(QUERY, { headers })).toMatchObject({
      lane: 'scoped',
      operation: QUERY,
      target: '/graphql',
    });
    expect(ofNobody(QUERY, { headers })).toMatchObject({ lane: 'public', operation: QUERY });
  });

  it.each<[GraphqlOperation['kind'], boolean]>([
    ['mutation', true],
    ['batch', true],
    ['unreadable', true],
    ['unlearned', true],
    ['subscription', false],
    ['unsupported', false],
  ])('%s passes; that it purges the identity: %s', (kind, purges) => {
    const operation = { kind } as GraphqlOperation;
    expect(ofAlice(operation)).toMatchObject({
      lane: 'pass',
      reason: `graphql-${kind}`,
      purgeAfterWrite: purges ? ['user:42'] : [],
    });
    expect(ofNobody(operation).lane).toBe('pass');
  });

  it('a GET that cannot be read passes and purges nothing; a mutation by GET purges', () => {
    expect(ofAlice({ kind: 'unreadable' }, { method: 'GET' })).toMatchObject({
      reason: 'graphql-unreadable',
      purgeAfterWrite: [],
    });
    expect(ofAlice({ kind: 'unreadable', mayWrite: true }, { method: 'GET' })).toMatchObject({
      reason: 'graphql-unreadable',
      purgeAfterWrite: ['user:42'],
    });
    expect(ofAlice({ kind: 'mutation' }, { method: 'GET' })).toMatchObject({
      reason: 'graphql-mutation',
      purgeAfterWrite: ['user:42'],
    });
  });

  it('without an operation a HEAD passes, and a DELETE is a write', () => {
    expect(decisionOf('/graphql', { method: 'HEAD', identity: verified() })).toMatchObject({
      lane: 'pass',
      purgeAfterWrite: [],
    });
    expect(decisionOf('/graphql', { method: 'DELETE', identity: verified() })).toMatchObject({
      reason: 'scope-write',
      purgeAfterWrite: ['user:42'],
    });
  });

  it('a hash that is not known is asked for where the policy says so, and then purges nothing', () => {
    const asked = { method: 'POST', identity: verified(), operation: { kind: 'unlearned' } } as const;
    expect(decisionOf('/graphql/asking', asked)).toMatchObject({
      reason: 'graphql-ask',
      purgeAfterWrite: [],
    });
    expect(ofNobody({ kind: 'unlearned' })).toMatchObject({ reason: 'graphql-ask' });
  });

  it('nobody’s query falls back as the route says, nobody’s mutation passes', () => {
    const asking = (operation: GraphqlOperation) =>
      decisionOf('/graphql/asking', { method: 'POST', operation });
    expect(asking(QUERY)).toMatchObject({ lane: 'public', reason: 'scope-fallback-public' });
    expect(asking({ kind: 'mutation' })).toMatchObject({ lane: 'pass', reason: 'scope-fallback-pass' });
    expect(decisionOf('/graphql', { method: 'POST', operation: QUERY })).toMatchObject({
      lane: 'reject',
      code: 'ERR_CREDENTIAL_MISSING',
    });
  });

  it.each<[string, Parameters<typeof decisionOf>[1], string]>([
    ['a CMS cookie', cookie('cms_session=x'), 'scope-editor'],
    ['the switch cache=pass', { switches: { all: 'pass' } }, 'switch-pass'],
    ['no switch can be read', { switches: { all: 'unreadable' } }, 'switches-unreadable'],
    ['observe', { switches: { route: () => 'observe' } }, 'switch-observe'],
  ])('with %s a query passes and purges nothing', (_, more, reason) => {
    expect(ofAlice(QUERY, more)).toMatchObject({ lane: 'pass', reason, purgeAfterWrite: [] });
  });

  it('what is asked is part of the key, and so is the rest of the query, where it counts', () => {
    const keyOf = (operation: GraphqlQuery) =>
      (decisionOf('/graphql/asking', { method: 'POST', identity: verified(), operation }) as CacheDecision)
        .cacheKey;
    expect(keyOf({ ...QUERY, digest: 'd2' })).not.toBe(keyOf(QUERY));
    expect(keyOf({ ...QUERY, rest: 'v=1' })).not.toBe(keyOf(QUERY));
    expect(keyOf({ ...QUERY, rest: 'x=1' })).toBe(keyOf(QUERY));
    // In the digest already, where two spellings are the same.
    expect(keyOf({ ...QUERY, parameters: 'query=%7Ba%7D' })).toBe(keyOf(QUERY));
  });

  it('a GET goes out with its parameters behind the others that count', () => {
    const operation = { ...QUERY, body: null, parameters: 'query=%7Ba%7D', rest: 'x=1&v=2' };
    expect(decisionOf('/graphql/asking?ignored=1', { identity: verified(), operation })).toMatchObject({
      target: '/graphql/asking?v=2&query=%7Ba%7D',
    });
  });
});

describe('who counts as anybody', () => {
  const invalid = { identity: { kind: 'invalid', code: 'ERR_TOKEN_EXPIRED' } } as const;
  const anonymous = (target: string, init: Parameters<typeof decisionOf>[1]) => {
    const decision = decisionOf(target, init);
    return decision.lane === 'pass' && decision.anonymous;
  };

  it('is so on every lane: the origin gets no credential that was refused', () => {
    const unreadable: Partial<Switches> = { all: 'unreadable' };
    expect(anonymous('/api/either', { ...invalid, method: 'POST' })).toBe(true);
    expect(anonymous('/api/either', { ...invalid, headers: { cookie: 'cms_session=1' } })).toBe(true);
    expect(anonymous('/api/either', { ...invalid, headers: { 'content-length': '1' } })).toBe(true);
    expect(anonymous('/api/either', { ...invalid, switches: unreadable })).toBe(true);
  });

  it('is not, where the origin shall judge, or the route is only observed', () => {
    const observe: Partial<Switches> = { route: () => 'observe' };
    expect(anonymous('/api/orders', { ...invalid, switches: observe })).toBe(false);
    expect(anonymous('/api/either', { ...invalid, switches: observe })).toBe(false);
    expect(anonymous('/api/orders', { identity: verified(), method: 'PUT' })).toBe(false);
  });
});

describe('switches', () => {
  const scoped = { identity: verified() };
  const laneOf = (decision: Decision) => `${decision.lane} ${decision.reason}`;

  it('a lane passes as a whole, and the other does not', () => {
    const switches = { lane: (lane: string) => (lane === 'scoped' ? 'pass' : 'on') } as const;
    expect(laneOf(decisionOf('/api/orders', { ...scoped, switches }))).toBe('pass switch-pass');
    expect(laneOf(decisionOf('/page', { switches }))).toBe('public anonymous');
    const other = { lane: (lane: string) => (lane === 'public' ? 'pass' : 'on') } as const;
    expect(laneOf(decisionOf('/api/orders', { ...scoped, switches: other }))).toBe('scoped scope-verified');
    expect(laneOf(decisionOf('/page', { switches: other }))).toBe('pass switch-pass');
  });

  it('pass is stronger than observe, wherever each of them stands', () => {
    const all: Partial<Switches>[] = [
      { lane: () => 'pass', route: () => 'observe' },
      { lane: () => 'observe', route: () => 'pass' },
      { lane: () => 'observe', all: 'pass' },
    ];
    for (const switches of all) {
      expect(laneOf(decisionOf('/api/orders', { ...scoped, switches }))).toBe('pass switch-pass');
    }
  });

  it('observe holds back exactly the decision that would have been made', () => {
    const both: Partial<Switches>[] = [{ route: () => 'observe' }, { lane: () => 'observe' }];
    for (const switches of both) {
      for (const [target, init] of [
        ['/api/orders?b=1&a=2', scoped],
        ['/page?utm_source=x', {}],
        ['/api/orders', {}],
        ['/api/orders', { identity: { kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' } }],
        ['/api/orders', { identity: { kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' } }],
      ] as const) {
        const held = decisionOf(target, { ...init, switches }) as PassDecision;
        expect(laneOf(held)).toBe('pass switch-observe');
        expect(held.observed).toEqual(decisionOf(target, init));
      }
    }
  });

  it('observe changes nothing of what passes anyway, and lets nobody in where the origin cannot see who it is', () => {
    const switches: Partial<Switches> = { route: () => 'observe', lane: () => 'observe' };
    for (const target of ['/live', '/preview/x', '/a//b']) {
      expect(decisionOf(target, { switches })).toEqual(decisionOf(target));
    }
    expect(decisionOf('/api/payment', { ...scoped, switches })).toEqual(decisionOf('/api/payment', scoped));
    expect(decisionOf('/hidden', { switches })).toMatchObject({
      lane: 'reject',
      code: 'ERR_CREDENTIAL_MISSING',
    });
  });
});

describe('what follows', () => {
  const cached = (...args: Parameters<typeof decisionOf>) => decisionOf(...args) as CacheDecision;
  const passed = (...args: Parameters<typeof decisionOf>) => decisionOf(...args) as PassDecision;

  it('a write purges the identity, unless the route says no', () => {
    expect(passed('/api/orders', { identity: verified(), method: 'DELETE' }).purgeAfterWrite).toEqual([
      'user:42',
    ]);
    expect(passed('/api/orders/1', { identity: verified(), method: 'DELETE' }).purgeAfterWrite).toEqual([]);
    expect(passed('/api/orders', { method: 'OPTIONS', identity: verified() }).purgeAfterWrite).toEqual([]);
    expect(passed('/login', { method: 'POST' }).purgeAfterWrite).toEqual([]);
  });

  it('an entry is tagged with its scope, route and URL', () => {
    expect(cached('/api/orders?x=1', { identity: verified() }).surrogateKeys).toEqual([
      'user:42',
      'route:orders',
      'url:www.test/api/orders',
    ]);
  });

  it('only what counts is part of the key, and of the target', () => {
    expect(cached('/?b=2&utm_source=x&a=1&b=1&gclid=y').target).toBe('/?a=1&b=2&b=1');
    expect(cached('/assets/x?v=1').target).toBe('/assets/x');
    expect(cached('/search?q=x&page=2').target).toBe('/search?q=x');
    const variant = (value: string) =>
      cached('/api/orders', { identity: verified(), headers: { 'x-variant': value, 'x-other': value } })
        .cacheKey;
    expect(variant('a')).not.toBe(variant('b'));
    expect(cached('/', { headers: { 'x-variant': 'a' } }).cacheKey).toBe(cached('/').cacheKey);
    expect(cached('/', { switches: { keyVersion: '2' } }).cacheKey).not.toBe(cached('/').cacheKey);
  });

  it('no claim reaches the key of another person, of nobody, or of a group', () => {
    const claim = fc.oneof(fc.stringMatching(/^[\w"\\,[\]]{1,12}$/), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(claim, claim, (a, b) => {
        fc.pre(a !== b);
        const key = (sub: unknown) =>
          cached('/api/orders', { identity: verified({ ...ALICE, claims: { sub } }) }).cacheKey;
        expect(key(a)).not.toBe(key(b));
        expect(key(a)).not.toBe(
          cached('/api/orders', { identity: verified({ ...ALICE, provider: 'other', claims: { sub: a } }) })
            .cacheKey,
        );
      }),
    );
    expect(cached('/api/open', { identity: verified() }).cacheKey).not.toBe(cached('/api/open').cacheKey);
  });
});
