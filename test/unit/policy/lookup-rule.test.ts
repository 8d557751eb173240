import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';

const SESSION = { cookie: 'sid', backend: 'origin', path: '/edge/whoami' };
const INTROSPECTION = {
  backend: 'idp',
  url: 'https://id.test/introspect',
  client: { id: 'edge', item: 'edge_client' },
};

function policy(providers: PolicyInput['providers'], more: Partial<PolicyInput> = {}): PolicyInput {
  return {
    origins: { app: { backend: 'origin' } },
    hosts: ['www.test'],
    providers: providers ?? {},
    scopes: { user: { claims: 'sub', providers: Object.keys(providers ?? {}) } },
    routes: { mine: { path: '/mine', scope: 'user' } },
    ...more,
  };
}

function problemsOf(input: PolicyInput) {
  try {
    compilePolicy(input);
  } catch (error) {
    if (error instanceof PolicyError) return error.issues.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

describe('a provider of sessions', () => {
  test('has safe defaults', () => {
    const [provider] = compilePolicy(policy({ site: { session: SESSION } })).providers;
    expect(provider).toMatchObject({
      credentials: [{ kind: 'cookie', name: 'sid' }],
      algorithms: [],
      lookup: {
        kind: 'session',
        url: 'https://www.test/edge/whoami',
        backend: 'origin',
        client: null,
        ttlSeconds: 60,
        refusedSeconds: 10,
        timeoutMs: 2000,
        limit: { count: 60, windowSeconds: 60, rateCounter: 'claimcache_sessions' },
      },
    });
  });

  test('asks by the host of the origin of that backend', () => {
    const [provider] = compilePolicy(
      policy(
        { site: { session: SESSION } },
        { origins: { app: { backend: 'origin', hostHeader: 'app.test' } } },
      ),
    ).providers;
    expect(provider?.lookup?.url).toBe('https://app.test/edge/whoami');
  });

  test.each([
    ['more than 300 seconds', { ttlSeconds: 301 }, 'POLICY_SHAPE providers.site.session.ttlSeconds'],
    [
      'refusals for more than a minute',
      { refusedSeconds: 61 },
      'POLICY_SHAPE providers.site.session.refusedSeconds',
    ],
    ['a timeout of minutes', { timeoutMs: 60_000 }, 'POLICY_SHAPE providers.site.session.timeoutMs'],
    ['a path that is none', { path: 'whoami' }, 'POLICY_SHAPE providers.site.session.path'],
    ['a path with a line end', { path: '/a\r\nx: y' }, 'POLICY_SHAPE providers.site.session.path'],
    ['a host that is a URL', { host: 'https://x' }, 'POLICY_SHAPE providers.site.session.host'],
    ['any cookie', { cookie: '*' }, 'POLICY_SHAPE providers.site.session.cookie'],
  ])('is refused with %s', (_, more, problem) => {
    expect(problemsOf(policy({ site: { session: { ...SESSION, ...more } } }))).toEqual([problem]);
  });

  test('is refused where nothing says by which host to ask', () => {
    const { hosts: _, ...rest } = policy({ site: { session: SESSION } });
    expect(problemsOf(rest)).toEqual(['POLICY_SHAPE providers.site.session.host']);
  });

  test('is refused where its cookie is an editor’s too, by name or by pattern', () => {
    for (const cookie of ['sid', 's*'])
      expect(problemsOf(policy({ site: { session: SESSION } }, { cms: { cookies: [cookie] } }))).toEqual([
        'POLICY_UNSAFE providers.site.session.cookie',
      ]);
  });

  test('is refused as what makes somebody an editor', () => {
    const cms = { cookies: [{ name: 'editor', provider: 'site' }] };
    expect(problemsOf(policy({ site: { session: SESSION } }, { cms }))).toEqual([
      'POLICY_UNSAFE cms.cookies.0.provider',
    ]);
  });

  test('is refused where its cookie is to be ignored', () => {
    const more = { fallback: 'auto', ignoreCookies: ['s*'] } as const;
    expect(problemsOf(policy({ site: { session: SESSION } }, more))).toEqual([
      'POLICY_UNSAFE ignoreCookies.0',
    ]);
  });

  test('is refused where another provider looks into the same place', () => {
    const jwt = { algorithms: ['RS256'], keys: { jwksUrl: 'https://id.test/jwks', backend: 'idp' } } as const;
    const cookie = [{ cookie: 'sid' }];
    expect(problemsOf(policy({ site: { session: SESSION }, jwt: { ...jwt, credentials: cookie } }))).toEqual([
      'POLICY_CONFLICT providers.site',
    ]);
    expect(problemsOf(policy({ opaque: { introspection: INTROSPECTION }, jwt }))).toEqual([
      'POLICY_CONFLICT providers.opaque',
    ]);
    expect(problemsOf(policy({ site: { session: SESSION }, jwt }))).toEqual([]);
  });
});

describe('a provider that introspects', () => {
  test('looks for a Bearer token where nothing else is said, and keeps its secret in the Secret Store', () => {
    const [provider] = compilePolicy(policy({ opaque: { introspection: INTROSPECTION } })).providers;
    expect(provider).toMatchObject({
      credentials: [{ kind: 'header', name: 'authorization', scheme: 'bearer' }],
      lookup: {
        kind: 'introspection',
        client: { id: 'edge', store: 'claimcache_secrets', item: 'edge_client', method: 'basic' },
      },
    });
  });

  test.each(['http://id.test/introspect', 'https://u:p@id.test/', 'introspect'])(
    'is refused at %s',
    (url) => {
      expect(problemsOf(policy({ opaque: { introspection: { ...INTROSPECTION, url } } }))).toEqual([
        'POLICY_KEY providers.opaque.introspection.url',
      ]);
    },
  );
});
