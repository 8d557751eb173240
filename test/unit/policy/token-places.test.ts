import { describe, expect, it } from 'vitest';
import { authjs } from '../../../src/identity/presets/authjs.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import type { CredentialInput } from '../../../src/policy/providers/credential-sources.ts';
import type { ProviderInput } from '../../../src/policy/providers/provider.ts';
import { queryTokenProblems } from '../../../src/policy/providers/query-token-rule.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';

const SIGNED = { algorithms: ['HS256'], keys: { secretStore: 's', item: 'i', format: 'raw' } } as const;
const at = (...credentials: CredentialInput[]): ProviderInput => ({ ...SIGNED, credentials });

function policy(provider: ProviderInput, more: Partial<PolicyInput> = {}): PolicyInput {
  return {
    origins: { app: { backend: 'origin' } },
    providers: { app: provider },
    scopes: { user: { claims: 'sub' } },
    routes: { mine: { path: '/mine', scope: 'user' } },
    ...more,
  };
}

/** What is wrong, as `code path`. */
function problems(input: PolicyInput): readonly string[] {
  try {
    compilePolicy(input);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ code, path }) => `${code} ${path}`);
  }
}

describe('a cookie with a format', () => {
  const supabase = at({ cookie: 'sb-*-auth-token', format: 'supabase' });

  it('is known by its chunks to cms, ignoreCookies, parts of scopes and warnings', () => {
    expect(problems(policy(supabase))).toEqual([]);
    const chunk = 'sb-abc-auth-token.0';
    expect(problems(policy(supabase, { cms: { cookies: [chunk] } }))).toEqual([
      'POLICY_UNSAFE providers.app.credentials.0.cookie',
    ]);
    // Once, though the cookie and its chunks are both meant.
    expect(problems(policy(supabase, { cms: { cookies: ['sb-*'] } }))).toHaveLength(1);
    expect(problems(policy(supabase, { fallback: 'auto', ignoreCookies: [chunk] }))).toEqual([
      'POLICY_UNSAFE ignoreCookies.0',
    ]);
    for (const cookie of [chunk, 'sb-abc-auth-token', 'sb-*-auth-token']) {
      const scopes = { user: { providers: [], parts: [{ cookie }] } };
      expect(problems(policy(supabase, { scopes })), cookie).toEqual(['POLICY_UNSAFE scopes.user.parts.0']);
    }
    const warnings = policyWarnings(policy(supabase)).filter((text) => text.startsWith('fallback:'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"sb-*-auth-token" and its chunks');
    const strip = { mine: { path: '/mine', scope: 'user', stripSetCookies: ['*-auth-token.0'] } };
    expect(policyWarnings(policy(supabase, { routes: strip })).join()).toContain('is a credential');
  });

  it('of Auth.js is known by every name that begins so', () => {
    for (const name of ['__Secure-authjs.session-token.3', 'authjs.session-tokenX'])
      expect(problems(policy(authjs(), { cms: { cookies: [name] } }))).toHaveLength(1);
    expect(problems(policy(authjs(), { cms: { cookies: ['authjs.csrf-token'] } }))).toEqual([]);
  });

  it('has a format that there is', () => {
    for (const format of ['chunks', { json: '' }, { json: ['a'] }, {}, null, 1])
      expect(problems(policy(at({ cookie: 's', format } as never))), JSON.stringify(format)).toHaveLength(1);
    expect(problems(policy(at({ cookie: 's', format: { json: 'a..b' } })))).toEqual([
      'POLICY_CLAIM_PATH providers.app.credentials.0.format.json',
    ]);
  });
});

describe('an encrypted session', () => {
  const keys = { secretStore: 's', item: 'i', format: 'authjs' } as const;
  const credentials = [{ cookie: 'c', format: 'chunked' }] as const;

  it('has one encryption, the key of its library, and cookies by name', () => {
    expect(problems(policy(authjs()))).toEqual([]);
    expect(problems(policy(authjs({ version: 4 })))).toEqual([]);
    const wrong: [ProviderInput, string][] = [
      [
        { credentials, keys, algorithms: ['A256CBC-HS512', 'A256GCM'] },
        'POLICY_ALGORITHM providers.app.algorithms',
      ],
      [
        { credentials, keys, algorithms: ['A256CBC-HS512', 'HS256'] },
        'POLICY_ALGORITHM providers.app.algorithms',
      ],
      [{ credentials, keys, algorithms: ['HS256'] }, 'POLICY_ALGORITHM providers.app.algorithms'],
      [
        { credentials, keys: { ...keys, format: 'nextauth' }, algorithms: ['A256CBC-HS512'] },
        'POLICY_ALGORITHM providers.app.algorithms',
      ],
      [{ credentials, keys: SIGNED.keys, algorithms: ['A256GCM'] }, 'POLICY_KEY providers.app.keys'],
      [
        { credentials, keys: { configStore: 'c', item: 'i' }, algorithms: ['A256GCM'] },
        'POLICY_KEY providers.app.keys',
      ],
      [{ keys, algorithms: ['A256GCM'] }, 'POLICY_CONFLICT providers.app.credentials.0'],
      ...[
        { cookie: 's-*' },
        { cookie: 's', format: 'supabase' as const },
        { query: 'token' },
        { header: 'authorization', scheme: 'Bearer' },
      ].map((place): [ProviderInput, string] => [
        { credentials: [place], keys, algorithms: ['A256CBC-HS512'] },
        'POLICY_CONFLICT providers.app.credentials.0',
      ]),
    ];
    for (const [provider, problem] of wrong) expect(problems(policy(provider)), problem).toContain(problem);
  });

  it('of the preset has the names and the encryption of its version, and names what is not valid', () => {
    expect(authjs({ version: 4, item: 'x', secretStore: 'y' })).toEqual({
      credentials: [
        { cookie: '__Secure-next-auth.session-token', format: 'chunked' },
        { cookie: 'next-auth.session-token', format: 'chunked' },
      ],
      algorithms: ['A256GCM'],
      keys: { secretStore: 'y', item: 'x', format: 'nextauth' },
    });
    expect(authjs({ cookie: 'mine' }).credentials).toEqual([{ cookie: 'mine', format: 'chunked' }]);
    expect(() => authjs({ version: 3 as never })).toThrow('authjs({ version })');
    for (const cookie of ['', 'a*', [], ['a b']])
      expect(() => authjs({ cookie })).toThrow('authjs({ cookie })');
  });
});

describe('a token in the query', () => {
  const inQuery = at({ query: 'token' });

  it('is no parameter that counts, or that is ignored', () => {
    expect(problems(policy(inQuery))).toEqual([]);
    expect(compilePolicy(policy(inQuery)).queryTokens).toEqual(['token']);
    expect(problems(policy(inQuery, { ignoreQuery: ['token'] }))).toEqual(['POLICY_CONFLICT ignoreQuery']);
    const routes = { mine: { path: '/mine', scope: 'user', query: ['page', 'token'] } };
    expect(problems(policy(inQuery, { routes }))).toEqual(['POLICY_CONFLICT routes.mine.query']);
  });

  it('is warned of', () => {
    expect(policyWarnings(policy(inQuery)).filter((text) => text.startsWith('providers.'))).toEqual([
      expect.stringMatching(/^providers\.app\.credentials\.0: .*"token"/),
    ]);
    expect(policyWarnings(policy(at({ cookie: 's' }))).join()).not.toContain('a URL with a token');
  });

  it('has a plain name', () => {
    for (const query of ['', 'a.b', 'a b', 'a[]', 'tok*', '1a', 'a&b'])
      expect(problems(policy(at({ query }))), query).toHaveLength(1);
  });

  it('goes to no origin behind a shield', () => {
    const origins = { app: { backend: 'origin', shield: { site: 'pdx-or-us' } } };
    expect(problems(policy(at({ query: 'token', forward: true }), { origins }))).toEqual([
      'POLICY_CONFLICT providers.app.credentials.0.forward',
    ]);
    expect(problems(policy(at({ query: 'token', forward: false }), { origins }))).toEqual([]);
  });

  it('is refused beside a query that goes on as it came', () => {
    const told: string[] = [];
    const routes = { signed: { query: 'verbatim' }, plain: { query: 'all' } };
    const sections = { providers: { app: inQuery }, routes };
    queryTokenProblems(sections, (code, path) => void told.push(`${code} ${path}`));
    expect(told).toEqual(['POLICY_UNSAFE routes.signed.query']);
    queryTokenProblems({ ...sections, providers: { app: at({ cookie: 's' }) } }, () => expect.unreachable());
  });
});

describe('a scheme that is somebody else’s', () => {
  const route = (otherSchemes: unknown, more: object = {}) =>
    ({ mine: { path: '/mine', scope: 'user', otherSchemes, ...more } }) as PolicyInput['routes'];

  it('is none of the provider', () => {
    const both = at({ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' });
    expect(problems(policy(both, { routes: route(['Basic', 'digest']) }))).toEqual([]);
    expect(problems(policy(both, { routes: route(['Basic', 'BEARER']) }))).toEqual([
      'POLICY_CONFLICT routes.mine.otherSchemes.1',
    ]);
    expect(problems(policy({ ...SIGNED }, { routes: route(['bearer']) }))).toHaveLength(1);
    expect(problems(policy(at({ cookie: 'session' }), { routes: route(['Bearer']) }))).toEqual([]);
  });

  it('is a name, on a route with a scope', () => {
    for (const wrong of ['Basic', [''], ['Ba sic'], [1]])
      expect(problems(policy(at({ cookie: 's' }), { routes: route(wrong) }))).toHaveLength(1);
    const open = { open: { path: '/open', otherSchemes: ['Basic'] } };
    expect(problems(policy(at({ cookie: 's' }), { routes: open }))).toEqual([
      'POLICY_CONFLICT routes.open.otherSchemes',
    ]);
  });
});
