import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphqlQuery } from '../../../src/graphql/graphql-operation.ts';
import { forwardedClaims } from '../../../src/identity/forwarded-claims.ts';
import type { CacheDecision, PassDecision } from '../../../src/lanes/decision.ts';
import { cacheRequest } from '../../../src/origin/cache-request.ts';
import { passRequest } from '../../../src/origin/pass-request.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { ALICE, decisionOf, factsOf, POLICY, policy, router, verified } from '../support/pipeline.ts';

/** What every origin is told of the URL. */
const ASKED = {
  'x-forwarded-host': 'www.test',
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '80',
  forwarded: 'host="www.test";proto=http',
};
const BEARER = { authorization: 'Bearer token-of-alice' };

function cached(target: string, headers: Record<string, string>, identity: typeof ALICE | null = ALICE) {
  const decision = decisionOf(target, { headers, identity: identity && verified(identity) }) as CacheDecision;
  const facts = factsOf(target, { headers });
  const caller = { identity, claims: forwardedClaims(identity, decision.route) };
  return cacheRequest(
    facts,
    decision,
    router.originOf(decision.route, facts.path, facts.host),
    caller,
    'br',
    policy,
  );
}

function passed(target: string, init: RequestInit, identity: typeof ALICE | null = null) {
  const decision = decisionOf(target, { ...init, identity: identity && verified(identity) }) as PassDecision;
  const facts = factsOf(target, init);
  const caller = { identity, claims: forwardedClaims(identity, decision.route) };
  return passRequest(facts, decision, router.originOf(decision.route, facts.path, facts.host), caller, null);
}

describe('the request of a cacheable lane', () => {
  it('has only what is part of the key, whatever a client sends', () => {
    const name = fc.stringMatching(/^[a-z][a-z-]{0,15}$/).filter((text) => text !== 'host');
    const known = fc.constantFrom(
      'x-forwarded-host',
      'x-original-url',
      'x-forwarded-for',
      'cookie',
      'accept-language',
      'user-agent',
      'accept',
      'referer',
      'origin',
      'x-http-method-override',
      'range',
      'if-none-match',
      'cache-control',
      'x-claimcache-claims',
      'forwarded',
      'via',
      'te',
      'x-user-id',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(name, known), fc.stringMatching(/^[\w=;, ]{0,12}$/)), (headers) => {
        const { headers: sent } = cached('/api/orders', { ...headers, ...BEARER });
        const own = ['accept-encoding', 'host', 'user-agent', ...Object.keys(ASKED)];
        const allowed = [...own, 'authorization', 'x-claimcache-claims'].sort();
        expect([...sent.keys()].filter((field) => field !== 'x-variant').sort()).toEqual(allowed);
        expect(Object.fromEntries(sent)).toMatchObject(ASKED);
        expect(sent.get('user-agent')).toBe('claimcache');
        expect(sent.get('x-claimcache-claims')).toBe('{"sub":"42"}');
        const { 'x-variant': _, authorization: __, ...anonymous } = headers;
        expect([...cached('/', anonymous, null).headers.keys()].sort()).toEqual(own.sort());
      }),
    );
  });

  it('a GraphQL query is POSTed as JSON, with nothing else of the client’s', () => {
    const headers = {
      ...BEARER,
      'content-type': 'application/json; charset=latin1',
      accept: 'text/html',
      'x-http-method-override': 'DELETE',
      'content-encoding': 'gzip',
    };
    const operation: GraphqlQuery = {
      kind: 'query',
      digest: 'd',
      body: '{"query":"{é}"}',
      parameters: '',
      rest: '',
      accept: 'application/json',
      fields: [],
      asked: null,
    };
    const init = { method: 'POST', headers };
    const decision = decisionOf('/graphql?x=1', {
      ...init,
      operation,
      identity: verified(),
    }) as CacheDecision;
    const facts = factsOf('/graphql?x=1', init);
    const caller = { identity: ALICE, claims: [] };
    const origin = router.originOf(decision.route, facts.path, facts.host);
    const request = cacheRequest(facts, decision, origin, caller, 'gzip', policy);
    expect(request).toMatchObject({ method: 'POST', url: 'http://www.test/graphql' });
    expect(new TextDecoder().decode(request.body as Uint8Array)).toBe('{"query":"{é}"}');
    expect(Object.fromEntries(request.headers)).toEqual({
      ...BEARER,
      ...ASKED,
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'content-type': 'application/json',
      host: 'www.test',
      'user-agent': 'claimcache',
      'x-claimcache-claims': '{"sub":"42"}',
    });
  });

  it('a shared scope gets the claims, never the member’s token or cookie', () => {
    const { headers } = cached('/api/report', { ...BEARER, cookie: 'session=secret' });
    expect(headers.get('x-claimcache-claims')).toBe('{"tenant.id":"acme","role":"member"}');
    expect(headers.has('authorization') || headers.has('cookie')).toBe(false);
  });

  it('a personal scope gets the one credential that was verified', () => {
    const byCookie = { ...ALICE, credentialSource: { kind: 'cookie', name: 'session' } } as const;
    const { headers } = cached('/api/orders', { cookie: 'a=1; session=token; b=2' }, byCookie);
    expect(headers.get('cookie')).toBe('session=token');
    expect(cached('/hidden', BEARER).headers.has('authorization')).toBe(false);
  });

  it.each([
    ['another cookie that some would take for it', '\u00a0session=other; session=token'],
    ['quotes', 'session="token"'],
    ['a second line of cookies', 'x=1, session=token'],
  ])('%s: the origin gets the value that was verified, as it was read', (_, cookie) => {
    const byCookie = { ...ALICE, credentialSource: { kind: 'cookie', name: 'session' } } as const;
    expect(cached('/api/orders', { cookie }, byCookie).headers.get('cookie')).toBe('session=token');
  });

  it('goes to the origin of its path, with its Host and the canonical query', () => {
    const request = cached('/media/x.png?b=1&utm_source=y&a=2', {}, null);
    expect(request).toMatchObject({
      backend: 'media',
      method: 'GET',
      url: 'http://www.test/media/x.png?a=2&b=1',
    });
    expect(request.headers.get('host')).toBe('media.test');
  });

  it('claims beyond ASCII are escaped', () => {
    const { headers } = cached('/api/orders/1', BEARER, { ...ALICE, claims: { sub: 'zoë%\n' } });
    expect(headers.get('x-claimcache-claims')).toBe('{"sub":"zo\\u00eb%\\n"}');
    expect(headers.get('x-user-id')).toBe('zo%C3%AB%25%0A');
  });
});

describe('the request of the pass lane', () => {
  it('goes as it came, with its cookies and query, less the fields of one hop', () => {
    const { headers, url, method } = passed('/login?utm_source=x', {
      method: 'POST',
      headers: {
        cookie: 'csrf=1',
        accept: 'text/html',
        te: 'trailers',
        'x-claimcache-claims': 'forged',
        'x-user-id': 'root',
        x_user_id: 'root',
        'x-forwarded-for': '203.0.113.66',
        x_real_ip: '203.0.113.66',
      },
    });
    expect({ url, method }).toEqual({ url: 'http://www.test/login?utm_source=x', method: 'POST' });
    expect(Object.fromEntries(headers)).toEqual({
      cookie: 'csrf=1',
      accept: 'text/html',
      host: 'www.test',
      ...ASKED,
    });
  });

  it('an editor’s GET asks around every cache', () => {
    expect(passed('/', { headers: { cookie: 'cms_session=1' } }).headers.get('cache-control')).toBe(
      'no-store',
    );
  });

  it('Connection cannot strip what was decided on', () => {
    const { headers } = passed('/', {
      headers: { cookie: 'cms_session=1', connection: 'cookie, x-gone', 'x-gone': '1' },
    });
    expect(headers.get('cookie')).toBe('cms_session=1');
    expect(headers.has('x-gone')).toBe(false);
  });

  it('Connection of a thousand names costs no more than reading it, and strips each', () => {
    const names = Array.from({ length: 90 }, (_, i) => `x-${i}`);
    const headers = {
      connection: `${names.join(',')}, X-Upper`,
      'x-0': '1',
      'x-89': '1',
      'x-upper': '1',
      'x-90': '1',
    };
    expect(Object.fromEntries(passed('/live', { headers }).headers)).toEqual({
      'x-90': '1',
      'cache-control': 'no-store',
      host: 'www.test',
      ...ASKED,
    });
  });

  it('cookies of several fields are one list', () => {
    const headers: [string, string][] = [
      ['cookie', 'theme=dark'],
      ['cookie', 'csrf=1'],
    ];
    expect(passed('/login', { method: 'POST', headers }).headers.get('cookie')).toBe('theme=dark; csrf=1');
  });

  it('the origin is told who writes, and does not get a credential that the route hides', () => {
    const { headers } = passed('/hidden', { method: 'PUT', headers: BEARER }, ALICE);
    expect(headers.get('x-claimcache-claims')).toBe('{"sub":"42"}');
    expect(headers.has('authorization')).toBe(false);
  });

  const write = (cookie: string, more = {}) => ({ method: 'PUT', headers: { cookie, ...more } });
  const byCookie = { ...ALICE, credentialSource: { kind: 'cookie', name: 'session' } } as const;

  it.each([
    'session=token; a=1',
    'a=1; \u00a0session=other; session=token',
    'a=1; Session=other; session=token',
    'a=1; %73ession=other; session=token',
    'a=1, session=token',
    'a=1; session[x]=other; session=token',
    'a=1; session%00x=other; session=token',
  ])('of %j the origin gets the cookie that was verified, and none that it could take for it', (cookie) => {
    expect(passed('/api/orders', write(cookie), byCookie).headers.get('cookie')).toBe('a=1; session=token');
  });

  it('so it is where a pattern names the cookie of a credential', () => {
    const providers = {
      app: { ...POLICY.providers?.app, credentials: [{ cookie: 'sb-*-token' }] },
    } as NonNullable<typeof POLICY.providers>;
    const of = compilePolicy({ ...POLICY, providers });
    const route = [...of.routes].find(({ name }) => name === 'orders');
    const [origin] = of.origins;
    if (route === undefined || origin === undefined) throw new Error('no route');
    const init = write('SB-b-Token=other; a=1; sb-a-token=token; %73b-c-token=other; sb-a-tokens=b');
    const decision = {
      ...decisionOf('/api/orders', { ...init, identity: verified() }),
      route,
    } as PassDecision;
    const identity = { ...ALICE, credentialSource: { kind: 'cookie', name: 'sb-a-token' } } as const;
    const sent = passRequest(
      factsOf('/api/orders', init, of),
      decision,
      origin,
      { identity, claims: [] },
      null,
    );
    expect(sent.headers.get('cookie')).toBe('a=1; sb-a-tokens=b; sb-a-token=token');
  });

  it('it gets no other place of the scope beside the one that was verified', () => {
    const both = write('session=other; a=1', BEARER);
    expect(passed('/api/orders', both, ALICE).headers.get('cookie')).toBe('a=1');
    expect(passed('/api/orders', both, ALICE).headers.get('authorization')).toBe(BEARER.authorization);
    expect(passed('/api/orders', both, byCookie).headers.has('authorization')).toBe(false);
    const hidden = passed('/hidden', both, ALICE).headers;
    expect([hidden.get('cookie'), hidden.has('authorization')]).toEqual(['a=1', false]);
  });

  it('credentials of another scheme are none of the scope’s: they go on', () => {
    const staged = (authorization: string) =>
      passed('/api/orders', write('session=token', { authorization }), byCookie).headers.get('authorization');
    expect(staged('Basic c3RhZ2luZzpwYXNz')).toBe('Basic c3RhZ2luZzpwYXNz');
    expect(staged('Basic c3RhZ2luZzpwYXNz, Bearer other')).toBeNull();
    expect(staged('bearer other')).toBeNull();
  });

  it('nor a header that CGI would take for it, and Connection cannot strip it', () => {
    const spelt = write('a=1', { ...BEARER, connection: 'close, authorization', x_user_id: '1' });
    expect(passed('/api/orders', spelt, ALICE).headers.get('authorization')).toBe(BEARER.authorization);
    const place = { kind: 'header', name: 'x-auth-token', scheme: null } as const;
    const providers = {
      app: { ...POLICY.providers?.app, credentials: [{ header: 'x-auth-token' }] },
    } as NonNullable<typeof POLICY.providers>;
    const of = compilePolicy({ ...POLICY, providers });
    const route = [...of.routes].find(({ name }) => name === 'orders');
    if (route === undefined) throw new Error('no route');
    const decision = {
      ...decisionOf('/api/orders', { ...spelt, identity: verified() }),
      route,
    } as PassDecision;
    const headers = { 'x-auth-token': 'own', x_auth_token: 'other', connection: 'close, x-auth-token' };
    const facts = factsOf('/api/orders', { method: 'PUT', headers }, of);
    const [origin] = of.origins;
    if (origin === undefined) throw new Error('no origin');
    const sent = passRequest(
      facts,
      decision,
      origin,
      { identity: { ...ALICE, credentialSource: place }, claims: [] },
      null,
    ).headers;
    expect([sent.get('x-auth-token'), sent.has('x_auth_token')]).toEqual(['own', false]);
  });

  it('it gets none of who counts as anybody, and all of whom it has to judge', () => {
    const decide = (target: string) => {
      const identity = { kind: 'invalid', code: 'ERR_TOKEN_EXPIRED' } as const;
      const init = write('session=old; a=1', BEARER);
      const decision = decisionOf(target, { ...init, identity }) as PassDecision;
      const facts = factsOf(target, init);
      const origin = router.originOf(decision.route, facts.path, facts.host);
      return passRequest(facts, decision, origin, { identity: null, claims: [] }, null).headers;
    };
    const either = decide('/api/either');
    expect([either.get('cookie'), either.has('authorization')]).toEqual(['a=1', false]);
    const open = decide('/api/open');
    expect([open.get('cookie'), open.has('authorization')]).toEqual(['session=old; a=1', true]);
  });
});
