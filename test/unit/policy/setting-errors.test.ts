import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError, type PolicyProblem } from '../../../src/policy/policy-error.ts';
import { shapeProblems } from '../../../src/policy/shape-problems.ts';

/** Every setting once, so that each can be written wrongly. */
const COMPLETE = {
  stores: { config: 'c', secrets: 's' },
  logEndpoint: 'log',
  hosts: ['www.example.com'],
  origins: {
    app: { backend: 'origin', hostHeader: 'app.test', hosts: ['www.example.com'], paths: ['/**'] },
    locked: {
      backend: 'other',
      paths: ['/locked/**'],
      lock: { header: 'x-origin-secret', item: 'lock', secretStore: 's' },
      firstByteTimeoutMs: 1000,
      shield: { site: 'pdx-or-us' },
    },
    sockets: { backend: 'sockets', paths: ['/live'] },
  },
  cms: {
    bearer: true,
    paths: ['/preview/**'],
    query: ['preview', '_storyblok*'],
    headers: ['x-preview'],
    cookies: [
      'editor_*',
      { name: 'cms', provider: 'app', requiredClaims: { role: ['editor', 'admin'] } },
      {
        name: 'signed',
        hmac: { item: 'k', secretStore: 's', format: 'plain', expires: true, covers: 'text', prefix: 'e:' },
      },
    ],
  },
  providers: {
    app: {
      credentials: [
        { header: 'authorization', scheme: 'Bearer' },
        { cookie: 'session' },
        { cookie: 'kept', format: { json: { path: ['access_token'] } } },
        { cookie: 'cut', format: 'chunked' },
        { query: 'access_token', forward: false },
      ],
      algorithms: ['RS256'],
      keys: {
        jwksUrl: 'https://id.example.com/jwks',
        backend: 'id',
        ttlSeconds: 300,
        keepSeconds: 600,
        cooldownSeconds: 30,
        timeoutMs: 2000,
      },
      issuer: 'https://id.example.com',
      audience: ['api'],
      clockToleranceSeconds: 30,
      type: 'at+jwt',
      maxTokenAgeSeconds: 3600,
    },
    site: {
      session: {
        cookie: '_site_session',
        backend: 'origin',
        path: '/edge/whoami',
        host: 'www.example.com',
        ttlSeconds: 60,
        refusedSeconds: 10,
        timeoutMs: 2000,
        limit: { count: 60, windowSeconds: 60, blockMinutes: 1, rateCounter: 'sc', penaltyBox: 'sb' },
      },
      issuer: 'https://www.example.com',
      maxTokenAgeSeconds: 3600,
    },
    opaque: {
      credentials: [{ header: 'x-api-token' }],
      introspection: {
        backend: 'id',
        url: 'https://id.example.com/introspect',
        client: { id: 'edge', item: 'edge_client', secretStore: 's', method: 'basic' },
        ttlSeconds: 60,
        refusedSeconds: 10,
        timeoutMs: 2000,
        limit: { count: 60 },
      },
      audience: 'api',
      clockToleranceSeconds: 5,
    },
  },
  scopes: {
    user: {
      claims: 'sub',
      providers: ['app'],
      shared: false,
      assertedBy: 'x-user-id',
      requiredClaims: [{ path: ['https://my.app/roles'], value: ['admin'] }],
    },
    org: {
      claims: [{ path: ['https://my.app/org_id'] }, 'tenant.id'],
      providers: ['app'],
      shared: true,
      parts: [
        { contains: { path: ['https://my.app/groups'] }, value: 'editors' },
        { header: 'accept-language', values: ['de', 'en'] },
        { cookie: 'ab', values: ['a', 'b'] },
        { country: ['DE'] },
        { device: true },
        { set: { path: ['https://my.app/roles'] }, only: ['admin', 7], atMost: 2 },
      ],
    },
  },
  revocation: { store: 'r', scopes: ['user'], onUnavailable: 'reject', maxTokenSeconds: 3600 },
  badTokenLimit: { count: 20, windowSeconds: 60, blockMinutes: 5, rateCounter: 'rc', penaltyBox: 'pb' },
  passLimit: { count: 120 },
  selfPurge: { count: 10, windowSeconds: 60 },
  purgeHooks: {
    own: {
      signature: {
        header: 'x-signature',
        encoding: 'hex',
        algorithm: 'sha512',
        prefix: 'sha512=',
        timestamp: { header: 'x-time', unit: 'milliseconds', maxAgeSeconds: 60 },
        signed: 'v0:{timestamp}:{body}',
      },
      item: 'own_hook',
      secretStore: 's',
      purge: [
        { scope: 'user', value: 'data.customer.id' },
        { scope: 'org', values: ['tenant.org', 'tenant.id'] },
        { key: 'page:{fields.slug}' },
        { url: 'www.example.com/blog/{slug}' },
        { route: 'orders' },
      ],
      soft: true,
      bodyBytes: 100_000,
    },
    pairs: {
      signature: {
        format: 'timestamped',
        header: 'stripe-signature',
        encoding: 'hex',
        algorithm: 'sha256',
        unit: 'seconds',
        maxAgeSeconds: 60,
      },
      purge: [{ url: '{permalink}' }],
    },
    standard: {
      signature: { format: 'standard-webhooks', fields: 'svix', maxAgeSeconds: 60 },
      purge: [{ key: 'home' }],
    },
    contentful: { signature: { format: 'contentful', maxAgeSeconds: 60 }, purge: [{ key: 'home' }] },
    strapi: {
      signature: { format: 'token', header: 'authorization', prefix: 'Bearer ' },
      purge: [{ key: 'home' }],
    },
  },
  hookLimit: { count: 100, windowSeconds: 60, blockMinutes: 1, rateCounter: 'hc', penaltyBox: 'hb' },
  routes: {
    orders: {
      path: '/api/orders/:id',
      scope: 'user',
      origin: 'app',
      ttlSeconds: { default: 60, min: 10, max: 600 },
      staleWhileRevalidateSeconds: 60,
      staleIfErrorSeconds: 60,
      browserTtlSeconds: 10,
      negativeTtlSeconds: { 404: 30 },
      capAtTokenExpiry: true,
      stripSetCookies: ['XSRF-TOKEN'],
      onMissing: 'reject',
      onInvalid: 'pass',
      vary: ['x-variant'],
      ignoreVary: ['user-agent'],
      compress: false,
      query: ['page'],
      purgeOnWrite: true,
      forwardCredential: true,
      forwardClaims: { 'x-org': { path: ['https://my.app/org_id'] }, 'x-user': 'sub' },
      revocation: true,
      limitBadTokens: true,
      otherSchemes: ['Basic'],
      cors: true,
      passLimit: false,
      fallbackPage: { html: '<p>Sorry' },
    },
    graphql: {
      path: '/graphql',
      scope: 'user',
      graphql: {
        types: { Todo: { ttlSeconds: 60, surrogateKey: true }, User: true },
        fields: { todos: { ttlSeconds: 30, types: ['Todo'] } },
        entities: { Todo: 'id' },
        mutations: { addTodo: ['Todo'], reset: true, '*': ['User'] },
        documents: { abc: '{ todos { id } }' },
        unknownHash: 'ask',
        limits: { bodyBytes: 1000, answerBytes: 1000, entities: 50, tokens: 100, depth: 10 },
      },
    },
    pages: {
      path: '/pages/**',
      hosts: ['www.example.com'],
      variants: {
        languages: ['en', 'de-CH'],
        countries: ['DE'],
        devices: true,
        cookies: { variant: ['a', 'b'] },
      },
    },
    assets: { path: '/assets/**', lane: 'public', stripSetCookie: true, query: 'none', fallbackPage: false },
    search: { path: '/search', methods: ['POST', 'QUERY'], body: 'json', maxBodyBytes: 1000 },
    live: {
      path: '/live',
      lane: 'pass',
      origin: 'sockets',
      websocket: { origins: ['https://app.example.com'] },
    },
    payment: { path: '/payment', scope: 'user', cache: false },
  },
  ignoreQuery: ['utm_*'],
  ignoreVary: ['user-agent'],
  cors: {
    origins: ['https://app.example.com'],
    methods: ['PUT'],
    headers: ['content-type'],
    exposeHeaders: ['x-request-id'],
    credentials: true,
    maxAgeSeconds: 600,
  },
  clientAddress: { headers: ['x-forwarded-for'] },
  requestHeaders: { allow: ['x-http-method-override'], drop: ['x-internal-*'] },
  forwardHeaders: ['traceparent', 'tracestate', 'x-request-id'],
  fallbackPage: { path: '/sorry.html' },
  https: 'redirect',
  hstsSeconds: 31_536_000,
  limits: { urlBytes: 4096, collapseTimeoutMs: 1000, retries: 1, sandboxRequests: 10, variantsPerPage: 10 },
};

function problemsOf(policy: unknown): readonly PolicyProblem[] {
  try {
    compilePolicy(policy as PolicyInput);
  } catch (error) {
    if (error instanceof PolicyError) return error.issues;
    throw error;
  }
  return [];
}

/** The complete policy with another value at one place. */
function withValue(path: string, value: unknown, policy: unknown = COMPLETE): unknown {
  const copy = structuredClone(policy);
  const keys = path.split('/');
  const last = keys.pop() ?? '';
  let at = copy as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
  return copy;
}

/** The one problem of it. */
function problemOf(path: string, value: unknown): PolicyProblem {
  const problems = problemsOf(withValue(path, value));
  expect(problems).toHaveLength(1);
  return problems[0] as PolicyProblem;
}

function placesOf(value: unknown, at: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [at.join('/')];
  const below = Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]));
  return at.length === 0 ? below : [at.join('/'), ...below];
}

describe('what is said of a setting that is not valid', () => {
  it('is nothing where all is well', () => {
    expect(problemsOf(COMPLETE)).toEqual([]);
  });

  it('is a sentence about that place, whatever stands there', () => {
    const wrong = [null, undefined, '', 5, -1, 1.5, Number.NaN, true, 'x y/', [], {}, [null], { x: 1 }, '5m'];
    const others: [place: string, value: object][] = [
      ['providers/app/keys', { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }],
      ['providers/app/keys', { jwks: { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] } }],
      ['providers/app/keys', { secretStore: 's', item: 'k', format: 'jwk' }],
      ['providers/app/keys', { configStore: 's', item: 'k' }],
      ['providers/app/keys', { discovery: 'https://id.example.com', backend: 'id' }],
      ['origins/locked/shield', { backend: 'shield' }],
    ];
    const places = [
      ...placesOf(COMPLETE).map((place) => [COMPLETE, place] as const),
      ...others.flatMap(([place, value]) =>
        placesOf(value).map((below) => [withValue(place, value), `${place}/${below}`] as const),
      ),
    ];
    for (const [policy, place] of places) {
      for (const value of wrong) {
        const path = place.replaceAll('/', '.');
        for (const problem of shapeProblems(withValue(place, value, policy))) {
          const about = `${path} = ${String(JSON.stringify(value))}: ${problem.path}: ${problem.fix}`;
          expect(problem.path.startsWith(path) || path.startsWith(problem.path), about).toBe(true);
          expect(problem.fix, about).toMatch(/^[A-Z].*[.?]$/);
          expect(problem.fix, about).not.toMatch(
            /Invalid [a-z]+:|Object\b|Array\b|!|received|undefined|\bmend\b/,
          );
        }
      }
    }
  });

  it.each([
    ['routes/orders/ttlSeconds', { max: '5m' }, 'routes.orders.ttlSeconds.max', '"5m"', 'such as 300.'],
    ['routes/orders/ttlSeconds', '2h', 'routes.orders.ttlSeconds', '"2h"', 'such as 7200.'],
    ['routes/orders/browserTtlSeconds', '60', 'routes.orders.browserTtlSeconds', '"60"', 'such as 60.'],
    ['limits/collapseTimeoutMs', '5s', 'limits.collapseTimeoutMs', '"5s"', 'such as 5000.'],
  ])('%s: a time as a text gets the number that is meant', (place, value, path, shown, example) => {
    const problem = problemOf(place, value);
    expect(problem).toMatchObject({ code: 'POLICY_SHAPE', path, value: shown });
    expect(problem.fix).toMatch(
      /^Expected a whole number of (?:milli)?seconds from \d+ to \d+, without quotes/,
    );
    expect(problem.fix.endsWith(example), problem.fix).toBe(true);
  });

  it.each([
    'scopes/user/claims',
    'scopes/org/claims/1',
    'scopes/org/parts/0/contains',
    'routes/orders/forwardClaims/x-user',
  ])('%s: an empty claim is called that', (place) => {
    const problem = problemOf(place, '');
    expect(problem).toMatchObject({ path: place.replaceAll('/', '.'), value: '""' });
    expect(problem.fix).toMatch(/^The path of the claim is empty\. .*"sub"/);
  });

  it.each([
    [
      'routes/orders/ttlSecond',
      60,
      'Unknown setting "ttlSecond" at routes.orders. Did you mean "ttlSeconds"?',
    ],
    ['orgins', {}, 'Unknown setting "orgins" at (policy). Did you mean "origins"?'],
    [
      'routes/graphql/graphql/types/Todo',
      { ttlSecond: 60 },
      'Unknown setting "ttlSecond" at routes.graphql.graphql.types.Todo. Did you mean "ttlSeconds"?',
    ],
    [
      'routes/graphql/graphql/unknownhash',
      'ask',
      'Unknown setting "unknownhash" at routes.graphql.graphql. Did you mean "unknownHash"?',
    ],
    [
      'providers/app/keys/jwksURL',
      'https://id.example.com',
      'Unknown setting "jwksURL" at providers.app.keys. Did you mean "jwksUrl"?',
    ],
    [
      'cms/cookies/2/hmac/colour',
      1,
      'Unknown setting "colour" at cms.cookies.2.hmac. Settings here: item, secretStore, format, expires, covers, prefix.',
    ],
  ])('%s: an unknown setting gets the known one that is near', (place, value, fix) => {
    const problem = problemOf(place, value);
    expect(problem.fix).toBe(fix);
    expect(problem.path.split('.').at(-1)).toBe(/"([^"]+)"/.exec(fix)?.[1]);
    expect(problem.value).not.toContain('Todo');
  });

  it.each([
    ['routes/orders/onMissing', 'rejct', 'Expected "reject", "pass" or "public". Did you mean "reject"?'],
    ['routes/orders/scope', 'usr', 'No scope has this name. Did you mean "user"? Known scopes: user, org.'],
    [
      'scopes/user/providers',
      ['ap'],
      'No provider has this name. Did you mean "app"? Known providers: app, site, opaque.',
    ],
  ])('%s: a value gets the one that is near', (place, value, fix) => {
    expect(problemsOf(withValue(place, value)).map((problem) => problem.fix)).toContain(fix);
  });

  it('names the setting that is missing, and what it takes', () => {
    const problem = problemOf('providers/app/keys', { secretStore: 's' });
    expect(problem).toMatchObject({
      path: 'providers.app.keys.item',
      fix: 'This setting is required. Expected a text in quotes.',
    });
    expect(problemOf('providers/app/keys', { jwksUrl: 'https://a.example/jwks.json' })).toMatchObject({
      path: 'providers.app.keys.backend',
      fix: "This setting is required. Expected the name of a backend of fastly.toml, such as 'origin'.",
    });
  });
});

describe('a claim whose name has dots', () => {
  const url = 'https://my.app/org_id';

  it.each([
    ['scopes/user/claims', url, 'scopes.user.claims'],
    ['scopes/org/claims', ['sub', url], 'scopes.org.claims'],
    ['scopes/org/parts/0/contains', url, 'scopes.org.parts.0.contains'],
    ['scopes/user/requiredClaims', { [url]: true }, 'scopes.user.requiredClaims'],
    ['cms/cookies/1/requiredClaims', { [url]: 'editor' }, 'cms.cookies.1.requiredClaims'],
    ['routes/orders/forwardClaims/x-user', url, 'routes.orders.forwardClaims.x-user'],
    ['scopes/user/claims', 'urn:my.app:org', 'scopes.user.claims'],
  ])('%s: a dotted path like a URL fails the build and gets its right spelling', (place, value, path) => {
    const problem = problemsOf(withValue(place, value)).find(({ code }) => code === 'POLICY_CLAIM_PATH');
    expect(problem?.path).toBe(path);
    expect(problem?.fix).toMatch(/write \{ path: \["(?:https:\/\/my\.app\/org_id|urn:my\.app:org)"\] \}\.$/);
  });

  it.each(['https://acme\\.example/org.id', 'https://localhost/org', 'a.b', 'cognito:groups'])(
    '%s is a path as before',
    (claim) => {
      expect(problemsOf(withValue('scopes/user/claims', claim))).toEqual([]);
    },
  );

  it('compiles to one name wherever a path may stand', () => {
    const { scopes, routes } = compilePolicy(COMPLETE as unknown as PolicyInput);
    expect(scopes.get('org')?.claims).toEqual([[url], ['tenant', 'id']]);
    expect(scopes.get('org')?.parts[0]).toMatchObject({ path: ['https://my.app/groups'] });
    expect(scopes.get('user')?.requiredClaims).toEqual([
      { path: ['https://my.app/roles'], values: ['admin'] },
    ]);
    expect(routes[0]?.forwardClaims).toEqual([
      { header: 'x-org', path: [url], set: null },
      { header: 'x-user', path: ['sub'], set: null },
    ]);
  });

  it('is the same claim in either spelling', () => {
    const both = { providers: ['app'], claims: [{ path: [url] }, 'https://my\\.app/org_id'], shared: true };
    expect(problemsOf(withValue('scopes/org', both)).map(({ fix }) => fix)).toEqual([
      'Name each claim once.',
    ]);
    const shared = withValue('routes/assets', {
      path: '/shared',
      scope: 'org',
      forwardClaims: { 'x-org-id': 'https://my\\.app/org_id' },
    });
    expect(problemsOf(shared)).toEqual([]);
  });

  it('may not have the written name of another claim of its scope', () => {
    const both = { providers: ['app'], claims: ['tenant.id', { path: ['tenant.id'] }], shared: true };
    expect(problemsOf(withValue('scopes/org', both))).toMatchObject([
      { code: 'POLICY_CLAIM_PATH', path: 'scopes.org.claims' },
    ]);
  });
});
