import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';

const POLICY = {
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['cms_*'] },
  providers: {
    app: {
      credentials: [{ cookie: 'session' }, { header: 'x-token' }],
      algorithms: ['HS256'],
      keys: { secretStore: 's', item: 'k', format: 'raw' },
    },
  },
  scopes: {
    user: { claims: 'sub' },
    visitor: { claims: 'sub', parts: [{ cookie: 'sid' }] },
    staff: { parts: [{ set: 'roles', only: ['a', 'b'] }], shared: true },
  },
  routes: {},
} as const satisfies PolicyInput;

function problemsOf(changes: object): readonly string[] {
  try {
    compilePolicy({ ...POLICY, ...changes });
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ code, path }) => `${code} ${path}`);
  }
}
const ofScope = (scope: object) => problemsOf({ scopes: { s: scope } });
const ofRoute = (route: object, more: object = {}) =>
  problemsOf({ routes: { r: { path: '/r', ...route } }, ...more });

describe('a set of a claim', () => {
  const set = { set: 'roles', only: ['a', 'b'] };
  it.each([
    ['of one person', { claims: 'sub', parts: [set] }, ['POLICY_UNSAFE scopes.s.parts.0.set']],
    [
      'without a verified token',
      { parts: [set], providers: [], shared: true },
      ['POLICY_UNSAFE scopes.s.providers'],
    ],
    [
      'twice',
      { parts: [set, { ...set, only: ['c'] }], shared: true },
      ['POLICY_CONFLICT scopes.s.parts.0.set', 'POLICY_CONFLICT scopes.s.parts.1.set'],
    ],
    ['of no list', { parts: [{ set: 'roles' }], shared: true }, ['POLICY_SHAPE scopes.s.parts.0.only']],
    [
      'of an empty list',
      { parts: [{ set: 'roles', only: [] }], shared: true },
      ['POLICY_SHAPE scopes.s.parts.0.only'],
    ],
    [
      'of too long a list',
      { parts: [{ set: 'roles', only: Array.from({ length: 65 }, (_, i) => i) }], shared: true },
      ['POLICY_SHAPE scopes.s.parts.0.only'],
    ],
    [
      'of at most nobody',
      { parts: [{ ...set, atMost: 0 }], shared: true },
      ['POLICY_SHAPE scopes.s.parts.0.atMost'],
    ],
    [
      'of no path',
      { parts: [{ ...set, set: 'a..b' }], shared: true },
      ['POLICY_CLAIM_PATH scopes.s.parts.0.set'],
    ],
    ['is fine', { parts: [set, { ...set, set: 'groups' }], shared: true }, []],
  ])('%s', (_, scope, problems) => {
    expect(ofScope(scope)).toEqual(problems);
  });

  it('is the only claim without a place of its own that a shared scope forwards', () => {
    expect(ofRoute({ scope: 'staff', forwardClaims: { 'x-roles': 'roles' } })).toEqual([]);
    expect(ofRoute({ scope: 'staff', forwardClaims: { 'x-sub': 'sub' } })).toEqual([
      'POLICY_UNSAFE routes.r.forwardClaims.x-sub',
    ]);
  });
});

describe('hosts of a route', () => {
  it.each([
    'https://a.test',
    'a.test:80',
    'a.test.',
    '*',
    '*.',
    'a.*.test',
    'bücher.test',
    'a..test',
    '*a.test',
    'a test',
  ])('%s is none', (host) => {
    expect(ofRoute({ hosts: [host] })).toEqual(['POLICY_PATTERN routes.r.hosts.0']);
  });

  it('are those that the policy serves, each once', () => {
    expect(ofRoute({ hosts: ['A.test', '*.b.test'] }, { hosts: ['a.test', 'x.b.test'] })).toEqual([]);
    expect(ofRoute({ hosts: ['c.test', '*.a.test'] }, { hosts: ['a.test'] })).toEqual([
      'POLICY_UNREACHABLE routes.r.hosts.0',
      'POLICY_UNREACHABLE routes.r.hosts.1',
    ]);
    expect(ofRoute({ hosts: ['a.test', 'A.TEST'] })).toEqual(['POLICY_CONFLICT routes.r.hosts.1']);
    expect(ofRoute({ hosts: [] })).toEqual(['POLICY_SHAPE routes.r.hosts']);
  });

  it('tell two routes of one path apart, where one of them is more exact', () => {
    const both = (one?: string[], other?: string[]) =>
      problemsOf({
        routes: {
          one: { path: '/p/:a', ...(one && { hosts: one }) },
          other: { path: '/p/:b', ...(other && { hosts: other }) },
        },
      });
    expect(both(['a.test'])).toEqual([]);
    expect(both(['a.test'], ['b.test'])).toEqual([]);
    expect(both(['a.test'], ['*.test'])).toEqual([]);
    for (const [one, other] of [
      [undefined, undefined],
      [['a.test'], ['b.test', 'A.test']],
      [['*.test'], ['*.test']],
    ])
      expect(both(one, other)).toEqual(['POLICY_UNREACHABLE routes.other.path']);
  });
});

describe('variants of a route', () => {
  const languages = ['en', 'de'];
  it.each([
    ['on a scope', { scope: 'user', variants: { languages } }, ['POLICY_CONFLICT routes.r.variants']],
    ['on a pass', { lane: 'pass', variants: { languages } }, ['POLICY_CONFLICT routes.r.variants']],
    ['of nothing', { variants: {} }, ['POLICY_CONFLICT routes.r.variants']],
    [
      'beside the header as it comes',
      { vary: ['Accept-Language', 'user-agent'], variants: { languages, devices: true } },
      ['POLICY_CONFLICT routes.r.variants.languages', 'POLICY_CONFLICT routes.r.variants.devices'],
    ],
    [
      'of one language twice',
      { variants: { languages: ['de-CH', 'de-ch'] } },
      ['POLICY_CONFLICT routes.r.variants.languages'],
    ],
    [
      'of one country twice',
      { variants: { countries: ['DE', 'DE'] } },
      ['POLICY_CONFLICT routes.r.variants.countries'],
    ],
    [
      'of one value twice',
      { variants: { cookies: { ab: ['a', 'a'] } } },
      ['POLICY_CONFLICT routes.r.variants.cookies.ab'],
    ],
    [
      'by a session',
      { variants: { cookies: { session: ['a', 'b'] } } },
      ['POLICY_UNSAFE routes.r.variants.cookies.session'],
    ],
    [
      'by an editor’s cookie',
      { variants: { cookies: { cms_ab: ['a', 'b'] } } },
      ['POLICY_UNSAFE routes.r.variants.cookies.cms_ab'],
    ],
    [
      'by a cookie that is a scope’s as a whole',
      { variants: { cookies: { sid: ['a', 'b'] } } },
      ['POLICY_UNSAFE routes.r.variants.cookies.sid'],
    ],
    [
      'by a cookie without a list',
      { variants: { cookies: { ab: ['a'] } } },
      ['POLICY_SHAPE routes.r.variants.cookies.ab'],
    ],
    [
      'by a value that is no word',
      { variants: { cookies: { ab: ['a', 'b;c'] } } },
      ['POLICY_SHAPE routes.r.variants.cookies.ab.1'],
    ],
    [
      'by a pattern of names',
      { variants: { cookies: { 'ab*': ['a', 'b'] } } },
      ['POLICY_SHAPE routes.r.variants.cookies.ab*'],
    ],
    [
      'by what is no language',
      { variants: { languages: ['en', 'de_CH'] } },
      ['POLICY_SHAPE routes.r.variants.languages.1'],
    ],
    [
      'by what is no country',
      { variants: { countries: ['Germany'] } },
      ['POLICY_SHAPE routes.r.variants.countries.0'],
    ],
    [
      'are fine',
      { variants: { languages, countries: true, devices: true, cookies: { ab: ['a', 'b'] } } },
      [],
    ],
  ])('%s', (_, route, problems) => {
    expect(ofRoute(route)).toEqual(problems);
  });

  it('by language need a header that is not dropped', () => {
    expect(ofRoute({ variants: { languages } }, { requestHeaders: { drop: ['accept-language'] } })).toEqual([
      'POLICY_CONFLICT requestHeaders.drop.0',
    ]);
  });
});
