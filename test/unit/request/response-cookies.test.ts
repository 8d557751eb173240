import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../../src/http/cookies.ts';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import type { CacheDecision } from '../../../src/lanes/decision.ts';
import { cacheRequest } from '../../../src/origin/cache-request.ts';
import type { ScopePart } from '../../../src/policy/scopes/scope-parts.ts';
import { responseCookies } from '../../../src/request/response-cookies.ts';
import { ALICE, decisionOf, factsOf, policy, router, verified } from '../support/pipeline.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const BY_COOKIE = { ...ALICE, credentialSource: { kind: 'cookie', name: 'session' } } as const;

interface Asked {
  readonly cookie?: string;
  readonly identity?: typeof ALICE | typeof BY_COOKIE | null;
  readonly strip?: readonly string[];
}

function keptOf(lines: readonly string[], { cookie, identity = ALICE, strip = [] }: Asked) {
  const target = identity === null ? '/' : '/api/orders';
  const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
  const decision = decisionOf(target, { headers, identity: identity && verified(identity) }) as CacheDecision;
  const { route } = decision;
  const answer = new HeaderFields(lines.map((line) => ['set-cookie', line] as const));
  const stripping = {
    ...decision,
    route: { ...route, freshness: { ...route.freshness, stripSetCookies: strip } },
  };
  const outcome = responseCookies(answer, factsOf(target, { headers }), stripping, identity, NOW_MS);
  return { kept: [...outcome.headers].map(([, line]) => line), dropped: outcome.dropped };
}

describe('cookies that an answer of a cacheable lane sets', () => {
  it('do not take the place of those that the client has and the edge withheld', () => {
    const asked = { cookie: 'PHPSESSID=mine; theme=dark' };
    for (const identity of [null, ALICE])
      expect(keptOf(['PHPSESSID=fresh; Path=/', 'cart=1'], { ...asked, identity })).toEqual({
        kept: ['cart=1'],
        dropped: ['PHPSESSID'],
      });
  });

  it('reach a client who did not send one of that name', () => {
    expect(keptOf(['PHPSESSID=fresh', 'phpsessid=fresh'], { cookie: 'PhpSessid=1' })).toMatchObject({
      dropped: [],
    });
    expect(keptOf(['PHPSESSID=fresh'], {})).toMatchObject({ dropped: [] });
  });

  it('reach the client where they delete it', () => {
    const lines = ['PHPSESSID=; Max-Age=0', 'PHPSESSID=x; expires=Thu, 01-Jan-1970 00:00:01 GMT'];
    expect(keptOf(lines, { cookie: 'PHPSESSID=mine' })).toEqual({ kept: lines, dropped: [] });
  });

  it('reach the client where the origin saw the one of that name: the credential is renewed', () => {
    const lines = ['session=new; HttpOnly'];
    expect(keptOf(lines, { cookie: 'session=old', identity: BY_COOKIE })).toEqual({
      kept: lines,
      dropped: [],
    });
    // The token stood in a header: of the cookie the origin saw nothing.
    expect(keptOf(lines, { cookie: 'session=old' })).toEqual({ kept: [], dropped: ['session'] });
  });

  it('reach nobody where the route strips them, by name or pattern, whether they delete or not', () => {
    const strip = ['XSRF-TOKEN', 'laravel_*'];
    const lines = ['XSRF-TOKEN=1', 'laravel_session=; Max-Age=0', 'other=1', 'xsrf-token=2'];
    expect(keptOf(lines, { strip })).toEqual({
      kept: ['other=1', 'xsrf-token=2'],
      dropped: ['XSRF-TOKEN', 'laravel_session'],
    });
  });

  it('a cookie of an editor that did not validate counts as withheld', () => {
    const decision = decisionOf('/') as CacheDecision;
    const answer = new HeaderFields([['set-cookie', 'cms_session=1']]);
    const facts = { cookies: new Map(), refusedCookies: new Set(['cms_session']) };
    expect(responseCookies(answer, facts, decision, null, NOW_MS).dropped).toEqual(['cms_session']);
  });

  it('are told from what the origin gets exactly: withheld is what its request lacks', () => {
    const name = fc.constantFrom('session', 'ab', 'sid', 'theme', 'cms');
    const part = fc.record({
      kind: fc.constant('cookie' as const),
      name: fc.constantFrom('ab', 'sid'),
      values: fc.constantFrom(null, ['a', 'b']),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.constantFrom('a', 'z')), { selector: ([one]) => one }),
        fc.uniqueArray(part, { selector: (one) => one.name }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(ALICE, BY_COOKIE),
        (cookies, parts, shared, forwardCredential, identity) => {
          const headers = { cookie: cookies.map((pair) => pair.join('=')).join('; ') };
          const facts = factsOf('/api/orders', { headers });
          const decision = decisionOf('/api/orders', {
            headers,
            identity: verified(identity),
          }) as CacheDecision;
          const { route, partition } = decision;
          if (route.scope === null || partition === null) throw new Error('no scope');
          const values = parts.map(({ name, values: listed }) => {
            const sent = facts.cookies.get(name)?.[0];
            return sent === undefined || (listed !== null && !(listed as readonly string[]).includes(sent))
              ? 'other'
              : sent;
          });
          const scope = { ...route.scope, parts: parts as readonly ScopePart[], shared };
          const asked: CacheDecision = {
            ...decision,
            route: { ...route, scope, forwardCredential },
            partition: { ...partition, shared, values: [...partition.values, ...values] },
          };
          const origin = router.originOf(route, facts.path, facts.host);
          const request = cacheRequest(facts, asked, origin, { identity, claims: [] }, 'br', policy);
          const seen = parseCookies(request.headers);
          const answer = new HeaderFields(
            [...facts.cookies.keys()].map((one) => ['set-cookie', `${one}=new`] as const),
          );
          const { dropped } = responseCookies(answer, facts, asked, identity, NOW_MS);
          expect(new Set(dropped)).toEqual(
            new Set([...facts.cookies.keys()].filter((one) => !seen.has(one))),
          );
        },
      ),
    );
  });
});
