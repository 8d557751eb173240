import { describe, expect, it } from 'vitest';
import {
  contentful,
  drupal,
  joinCms,
  nextDraft,
  payload,
  strapi,
  wordpress,
} from '../../../src/policy/cms/presets/index.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import { unsafeStates } from '../../../src/policy/unsafe-states.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';

const PROVIDER = { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } as const;
const BASE = {
  origins: { app: { backend: 'origin' } },
  providers: { app: { ...PROVIDER, credentials: [{ header: 'x-session' }, { cookie: 'session' }] } },
  scopes: { user: { claims: 'sub', parts: [{ header: 'x-variant' }] } },
  routes: { shop: { path: '/shop/**', vary: ['x-theme'] } },
} satisfies PolicyInput;

function problemsOf(cms: object, more: object = {}): string[] {
  try {
    compilePolicy({ ...BASE, ...more, cms } as PolicyInput);
  } catch (error) {
    if (error instanceof PolicyError) return error.issues.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

const PRESETS = { wordpress, drupal, nextDraft, strapi, payload, contentful };

describe('marks of editors and previews', () => {
  it.each<[string, object, string]>([
    ['every parameter', { query: ['*'] }, 'POLICY_SHAPE cms.query.0'],
    ['a parameter with a value', { query: ['status=draft'] }, 'POLICY_SHAPE cms.query.0'],
    ['no parameter', { query: [] }, 'POLICY_SHAPE cms.query'],
    ['a pattern of headers', { headers: ['x-*'] }, 'POLICY_SHAPE cms.headers.0'],
    ['a header of every request', { headers: ['Accept'] }, 'POLICY_CONFLICT cms.headers.0'],
    ['the cookies', { headers: ['cookie'] }, 'POLICY_CONFLICT cms.headers.0'],
    ['the credential', { headers: ['X-Session'] }, 'POLICY_UNSAFE cms.headers.0'],
    ['a part of a scope', { headers: ['x-variant'] }, 'POLICY_UNSAFE cms.headers.0'],
    ['a variant', { headers: ['x-theme'] }, 'POLICY_UNSAFE cms.headers.0'],
    ['what only a proxy says', { headers: ['x-original-url'] }, 'POLICY_CONFLICT cms.headers.0'],
    ['what the edge says itself', { headers: ['x-forwarded-proto'] }, 'POLICY_CONFLICT cms.headers.0'],
    ['a control field', { headers: ['fastly-ff'] }, 'POLICY_CONFLICT cms.headers.0'],
  ])('not %s', (_, cms, problem) => {
    expect(problemsOf(cms)).toEqual([problem]);
  });

  it('not a header that is dropped', () => {
    const requestHeaders = { drop: ['x-pre*'] };
    expect(problemsOf({ headers: ['x-preview'] }, { requestHeaders })).toEqual([
      'POLICY_CONFLICT requestHeaders.drop.0',
    ]);
  });

  it('a parameter is no mark where a provider reads its token there', () => {
    const providers = { app: { ...PROVIDER, credentials: [{ query: 'preview_token' }] } };
    const policy = { ...BASE, providers, cms: { query: ['preview*', 'draft'] } } as unknown as PolicyInput;
    expect(unsafeStates(policy).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'POLICY_UNSAFE cms.query.0',
    ]);
  });

  it('are warned of where nothing bounds the passes', () => {
    const open = { ...BASE, cms: { query: ['preview'], headers: ['x-preview'] } };
    const about = (policy: PolicyInput) =>
      policyWarnings(policy).flatMap((text) => /^cms\.\w+/.exec(text) ?? []);
    expect(about(open)).toEqual(['cms.query', 'cms.headers']);
    expect(about({ ...open, passLimit: { count: 100 } })).toEqual([]);
    expect(about({ ...BASE, cms: { cookies: ['wp_*'] } })).toEqual([]);
  });
});

describe('presets', () => {
  it.each(Object.entries(PRESETS))('%s is a plain object that a policy takes', (_, preset) => {
    const cms = preset();
    expect(JSON.parse(JSON.stringify(cms))).toEqual(cms);
    expect(problemsOf(cms)).toEqual([]);
  });

  it('all of them together are one, each name once', () => {
    const all = joinCms(...Object.values(PRESETS).map((preset) => preset()));
    expect(problemsOf(all)).toEqual([]);
    expect(new Set(all.cookies).size).toBe(all.cookies?.length);
    expect(all.paths?.filter((path) => path === '/admin/**')).toHaveLength(1);
  });

  it('options say what a site has renamed', () => {
    expect(payload({ cookiePrefix: 'shop' }).cookies).toEqual(['shop-token']);
    expect(nextDraft({ paths: ['/api/draft-mode/**'] }).paths).toEqual(['/api/draft-mode/**']);
    expect(wordpress().cookies).not.toContain('woocommerce_cart_hash');
    expect(wordpress({ shop: true }).cookies).toContain('woocommerce_cart_hash');
  });

  it('joined with settings of one’s own they are kept, a token that passes for one of them too', () => {
    const editor = { name: 'cms', provider: 'app' } as const;
    expect(
      joinCms(
        { cookies: ['a', editor], bearer: false },
        { cookies: ['a', 'b'], paths: ['/x'], bearer: true },
      ),
    ).toEqual({ cookies: ['a', editor, 'b'], paths: ['/x'], bearer: true });
    expect(joinCms({ bearer: false }, {})).toEqual({ bearer: false });
    expect(joinCms()).toEqual({});
  });
});

describe('a query as it came', () => {
  const verbatim = (route: object, more: object = {}) =>
    unsafeStates({
      ...BASE,
      ...more,
      routes: { signed: { path: '/signed', query: 'verbatim', ...route } },
    } as unknown as PolicyInput).map(({ code, path }) => `${code} ${path}`);

  it('is refused where a provider reads tokens in the query, on whichever route', () => {
    const providers = { app: { ...PROVIDER, credentials: [{ cookie: 'session' }, { query: 'token' }] } };
    for (const route of [{}, { scope: 'user' }])
      expect(verbatim(route, { providers })).toEqual(['POLICY_UNSAFE routes.signed.query']);
    expect(verbatim({ query: ['page'] }, { providers })).toEqual([]);
    expect(verbatim({})).toEqual([]);
  });

  it('is refused on a GraphQL endpoint', () => {
    expect(verbatim({ graphql: true })).toEqual(['POLICY_CONFLICT routes.signed.query']);
    expect(verbatim({ graphql: false })).toEqual([]);
  });

  it('is warned of where it keeps what the policy ignores elsewhere', () => {
    const routes = { signed: { path: '/signed', query: 'verbatim' } } as const;
    const about = (more: object) =>
      policyWarnings({ ...BASE, routes, ...more }).filter((text) => text.startsWith('routes.'));
    const ignored = about({ ignoreQuery: ['utm_*'] });
    expect(ignored).toEqual([expect.stringMatching(/^routes\.signed\.query: .*ignoreQuery/)]);
    expect(about({})).toEqual([]);
  });
});
