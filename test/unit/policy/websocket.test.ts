import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import type { RouteInput } from '../../../src/policy/routes/route.ts';

const ORIGINS: PolicyInput['origins'] = {
  app: { backend: 'origin' },
  locked: { backend: 'locked', lock: { header: 'x-origin-secret', item: 'lock' }, paths: ['/locked'] },
  named: { backend: 'named', hostHeader: 'app.test', paths: ['/named'] },
  far: { backend: 'far', shield: { site: 'pdx-or-us' }, paths: ['/far'] },
};

function policyOf(route: RouteInput): PolicyInput {
  return {
    origins: ORIGINS,
    providers: {
      app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } },
      link: {
        credentials: [{ query: 'token' }],
        algorithms: ['HS256'],
        keys: { secretStore: 's', item: 'l', format: 'raw' },
      },
    },
    scopes: {
      user: { claims: 'sub', providers: ['app'] },
      linked: { claims: 'sub', providers: ['app', 'link'] },
    },
    routes: { live: route },
  };
}

function problemsOf(route: RouteInput) {
  try {
    compilePolicy(policyOf(route));
  } catch (error) {
    if (error instanceof PolicyError) return error.issues;
    throw error;
  }
  return [];
}

const base = { path: '/live', origin: 'app', websocket: true } as const;

describe('a route with websocket is refused', () => {
  it.each<[string, RouteInput, string, RegExp]>([
    ['where it is public', { ...base }, 'websocket', /write lane: 'pass', or a scope/],
    [
      'where its origin has a lock',
      { ...base, lane: 'pass', origin: 'locked' },
      'websocket',
      /locked has a lock, .* verify the token/,
    ],
    [
      'where its origin has a host of its own',
      { ...base, lane: 'pass', origin: 'named' },
      'websocket',
      /override_host/,
    ],
    [
      'where its origin has a shield',
      { ...base, lane: 'pass', origin: 'far' },
      'websocket',
      /far has a shield/,
    ],
    [
      'where who is not verified is let in',
      { ...base, scope: 'user', onMissing: 'pass' },
      'onMissing',
      /by whoever is verified/,
    ],
    [
      'where a bad token is let in',
      { ...base, scope: 'user', onInvalid: 'public' },
      'onInvalid',
      /by whoever is verified/,
    ],
    [
      'with claims for the origin',
      { ...base, scope: 'user', forwardClaims: { 'x-user': 'sub' } },
      'forwardClaims',
      /No field can be added/,
    ],
    [
      'with a credential that is kept',
      { ...base, scope: 'user', forwardCredential: false },
      'forwardCredential',
      /with its credential/,
    ],
    ['with tokens in the query', { ...base, scope: 'linked' }, 'websocket', /link takes tokens in the query/],
    [
      'for pages of everybody under a domain',
      { ...base, lane: 'pass', websocket: { origins: ['https://*.com'] } },
      'websocket.origins.0',
      /top-level domain/,
    ],
  ])('%s', (_what, route, setting, fix) => {
    const problems = problemsOf(route);
    expect(problems.map(({ path }) => path)).toEqual([`routes.live.${setting}`]);
    expect(problems[0]?.fix).toMatch(fix);
  });

  it('where the origin is chosen by the path, and one of them is not for sockets', () => {
    const { origin: _origin, ...unnamed } = base;
    const fixes = problemsOf({ ...unnamed, lane: 'pass' }).map(({ fix }) => fix);
    expect(fixes).toHaveLength(3);
    for (const fix of fixes) expect(fix).toContain('Name the origin of the sockets in routes.live.origin');
  });
});

it('a route without it, or with false, opens no socket', () => {
  const websocketOf = (route: RouteInput) => [...compilePolicy(policyOf(route)).routes][0]?.websocket;
  expect(websocketOf({ path: '/live', lane: 'public' })).toBeNull();
  expect(websocketOf({ path: '/live', lane: 'public', websocket: false })).toBeNull();
  expect(websocketOf({ ...base, lane: 'pass' })).toEqual({ origins: [] });
  expect(
    websocketOf({ ...base, scope: 'user', websocket: { origins: ['https://App.example.com:443'] } }),
  ).toEqual({
    origins: ['https://app.example.com'],
  });
});
