import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError, type PolicyProblem } from '../../../src/policy/policy-error.ts';

const RSA_2048 = { kty: 'RSA', e: 'AQAB', n: `v${'A'.repeat(340)}Q` };

function policyWith(changes: Record<string, unknown> = {}): PolicyInput {
  return {
    origins: { app: { backend: 'origin' } },
    cms: { cookies: ['cms_session'], paths: ['/preview/**'] },
    providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
    scopes: { user: { claims: 'sub' }, team: { claims: ['tenant.id', 'role'], shared: true } },
    routes: { orders: { path: '/api/orders', scope: 'user' } },
    ...changes,
  } as PolicyInput;
}

function problemsOf(changes: Record<string, unknown>): readonly PolicyProblem[] {
  try {
    compilePolicy(policyWith(changes));
  } catch (error) {
    if (error instanceof PolicyError) return error.issues;
    throw error;
  }
  return [];
}

const provider = (changes: object) => ({
  providers: { app: { algorithms: ['RS256'], keys: { jwk: RSA_2048 }, ...changes } },
});
const route = (changes: object) => ({ routes: { orders: { path: '/api/orders', ...changes } } });

describe('a policy that is not valid is refused with code, path and fix', () => {
  const refused: [statement: string, changes: Record<string, unknown>, code: string, path: string][] = [
    ['a misspelt setting', { orgins: {} }, 'POLICY_SHAPE', 'orgins'],
    [
      'a route setting that does not exist',
      route({ scope: 'user', ttl: 5 }),
      'POLICY_SHAPE',
      'routes.orders.ttl',
    ],
    ['a negative time to live', route({ ttlSeconds: -1 }), 'POLICY_SHAPE', 'routes.orders.ttlSeconds'],
    ['a path without its slash', route({ path: 'api' }), 'POLICY_SHAPE', 'routes.orders.path'],
    [
      'GraphQL on the pass lane',
      route({ lane: 'pass', graphql: true }),
      'POLICY_CONFLICT',
      'routes.orders.graphql',
    ],
    [
      'stripSetCookie on a GraphQL endpoint',
      route({ lane: 'public', stripSetCookie: true, graphql: true }),
      'POLICY_CONFLICT',
      'routes.orders.stripSetCookie',
    ],
    ['a body without methods', route({ body: 'json' }), 'POLICY_CONFLICT', 'routes.orders.body'],
    [
      'a bound of bodies without methods',
      route({ maxBodyBytes: 10 }),
      'POLICY_CONFLICT',
      'routes.orders.maxBodyBytes',
    ],
    ['methods without a body', route({ methods: ['POST'] }), 'POLICY_CONFLICT', 'routes.orders.methods'],
    ['no method at all', route({ methods: [], body: 'json' }), 'POLICY_SHAPE', 'routes.orders.methods'],
    [
      'another method than those two',
      route({ methods: ['PUT'], body: 'json' }),
      'POLICY_SHAPE',
      'routes.orders.methods.0',
    ],
    [
      'a method in lower case',
      route({ methods: ['post'], body: 'json' }),
      'POLICY_SHAPE',
      'routes.orders.methods.0',
    ],
    ['another form of body', route({ methods: ['POST'], body: 'xml' }), 'POLICY_SHAPE', 'routes.orders.body'],
    [
      'bodies beyond any bound',
      route({ methods: ['POST'], body: 'bytes', maxBodyBytes: 2_000_000 }),
      'POLICY_SHAPE',
      'routes.orders.maxBodyBytes',
    ],
    [
      'a GraphQL endpoint with bodies of its own',
      route({ scope: 'user', graphql: true, methods: ['POST'], body: 'json' }),
      'POLICY_CONFLICT',
      'routes.orders.methods',
    ],
    [
      'bodies on the pass lane',
      route({ lane: 'pass', methods: ['POST'], body: 'json' }),
      'POLICY_CONFLICT',
      'routes.orders.methods',
    ],
    [
      'bodies of a sensitive route',
      route({ scope: 'user', cache: false, methods: ['QUERY'], body: 'json' }),
      'POLICY_CONFLICT',
      'routes.orders.methods',
    ],
    [
      'stripSetCookie where a POST may be a login',
      route({ lane: 'public', stripSetCookie: true, methods: ['POST'], body: 'json' }),
      'POLICY_CONFLICT',
      'routes.orders.stripSetCookie',
    ],
    [
      'an entity that is not tagged',
      route({
        scope: 'user',
        graphql: { types: { Todo: { surrogateKey: false } }, entities: { Todo: 'id' } },
      }),
      'POLICY_CONFLICT',
      'routes.orders.graphql.entities.Todo',
    ],
    [
      'a mutation that purges what is not tagged',
      route({
        scope: 'user',
        graphql: { types: { Todo: { surrogateKey: false } }, mutations: { addTodo: ['Todo'] } },
      }),
      'POLICY_CONFLICT',
      'routes.orders.graphql.mutations.addTodo',
    ],
    [
      'an entity with the name of a scope',
      route({ scope: 'user', graphql: { entities: { user: 'id' } } }),
      'POLICY_CONFLICT',
      'routes.orders.graphql.entities.user',
    ],
    [
      'an id that is no name of a field',
      route({ scope: 'user', graphql: { entities: { Todo: 'id { x' } } }),
      'POLICY_SHAPE',
      'routes.orders.graphql.entities.Todo',
    ],
    [
      'a trusted document that does not parse',
      route({ scope: 'user', graphql: { documents: { a: '{ b' } } }),
      'POLICY_SHAPE',
      'routes.orders.graphql.documents.a',
    ],
    [
      'a type whose name is none',
      route({ scope: 'user', graphql: { types: { 'To do': true } } }),
      'POLICY_SHAPE',
      'routes.orders.graphql.types.To do',
    ],
    [
      'a misspelt setting of GraphQL',
      route({ scope: 'user', graphql: { feilds: {} } }),
      'POLICY_SHAPE',
      'routes.orders.graphql.feilds',
    ],
    ['no algorithm', provider({ algorithms: [] }), 'POLICY_ALGORITHM', 'providers.app.algorithms'],
    ['algorithm none', provider({ algorithms: ['none'] }), 'POLICY_ALGORITHM', 'providers.app.algorithms.0'],
    [
      'HMAC beside RSA',
      provider({ algorithms: ['HS256', 'RS256'] }),
      'POLICY_ALGORITHM',
      'providers.app.algorithms',
    ],
    ['HMAC with a public key', provider({ algorithms: ['HS256'] }), 'POLICY_KEY', 'providers.app.keys'],
    [
      'an HMAC secret in the source',
      provider({ algorithms: ['HS256'], keys: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }),
      'POLICY_KEY',
      'providers.app.keys',
    ],
    [
      'an HMAC secret in a Config Store',
      provider({ algorithms: ['HS256'], keys: { configStore: 'c', item: 'k' } }),
      'POLICY_KEY',
      'providers.app.keys',
    ],
    [
      'a private key in the source',
      provider({ keys: { jwk: { ...RSA_2048, d: 'AAAA' } } }),
      'POLICY_KEY',
      'providers.app.keys',
    ],
    [
      'a key of the wrong type',
      provider({ keys: { jwk: { kty: 'EC' } } }),
      'POLICY_KEY',
      'providers.app.keys.kty',
    ],
    [
      'a weak RSA key',
      provider({ keys: { jwk: { kty: 'RSA', e: 'AQAB', n: 'v'.repeat(171) } } }),
      'POLICY_KEY',
      'providers.app.keys.n',
    ],
    [
      'a route both public and scoped',
      route({ scope: 'user', lane: 'public' }),
      'POLICY_CONFLICT',
      'routes.orders.lane',
    ],
    [
      'a sensitive route with a ttl',
      route({ scope: 'user', cache: false, ttlSeconds: 60 }),
      'POLICY_CONFLICT',
      'routes.orders.ttlSeconds',
    ],
    [
      'a sensitive route that falls back to public',
      route({ scope: 'user', cache: false, onMissing: 'public' }),
      'POLICY_UNSAFE',
      'routes.orders.onMissing',
    ],
    ['cache: false without a scope', route({ cache: false }), 'POLICY_CONFLICT', 'routes.orders.cache'],
    [
      'a pass route with a ttl',
      route({ lane: 'pass', ttlSeconds: 60 }),
      'POLICY_CONFLICT',
      'routes.orders.ttlSeconds',
    ],
    ['an unknown scope', route({ scope: 'usr' }), 'POLICY_UNKNOWN_REFERENCE', 'routes.orders.scope'],
    [
      'a scope named like a prototype member',
      route({ scope: 'constructor' }),
      'POLICY_UNKNOWN_REFERENCE',
      'routes.orders.scope',
    ],
    ['an unknown origin', route({ origin: 'cdn' }), 'POLICY_UNKNOWN_REFERENCE', 'routes.orders.origin'],
    [
      'an unknown provider',
      { scopes: { user: { claims: 'sub', providers: ['x'] } } },
      'POLICY_UNKNOWN_REFERENCE',
      'scopes.user.providers',
    ],
    [
      'a reserved scope name',
      { scopes: { user: { claims: 'sub' }, route: { claims: 'sub' } } },
      'POLICY_NAME',
      'scopes.route',
    ],
    [
      'a name with a space',
      { scopes: { user: { claims: 'sub' }, 'my team': { claims: 'sub' } } },
      'POLICY_NAME',
      'scopes.my team',
    ],
    [
      'a route by the name of what has none',
      { routes: { default: { path: '/x' } } },
      'POLICY_NAME',
      'routes.default',
    ],
    [
      'an empty part of a claim path',
      { scopes: { user: { claims: 'tenant..id' } } },
      'POLICY_CLAIM_PATH',
      'scopes.user.claims',
    ],
    [
      'a cookie that is both CMS session and credential',
      provider({ credentials: [{ cookie: 'cms_session' }] }),
      'POLICY_UNSAFE',
      'providers.app.credentials.0.cookie',
    ],
    [
      'a member token on a shared bucket',
      route({ scope: 'team', forwardCredential: true }),
      'POLICY_UNSAFE',
      'routes.orders.forwardCredential',
    ],
    ['vary on a credential', route({ vary: ['Cookie'] }), 'POLICY_UNSAFE', 'routes.orders.vary'],
    ['min above max', route({ ttlSeconds: { min: 10, max: 5 } }), 'POLICY_TTL', 'routes.orders.ttlSeconds'],
    [
      'two patterns for the same paths',
      { routes: { a: { path: '/u/:id' }, b: { path: '/u/:name' } } },
      'POLICY_UNREACHABLE',
      'routes.b.path',
    ],
    [
      'a public route under a CMS path',
      { routes: { a: { path: '/preview/:id' } } },
      'POLICY_UNREACHABLE',
      'routes.a.path',
    ],
    ['a pattern that cannot be read', route({ path: '/a/:x(' }), 'POLICY_PATTERN', 'routes.orders.path'],
    [
      'a star on a scoped route',
      route({ path: '/api/*', scope: 'user' }),
      'POLICY_PATTERN',
      'routes.orders.path',
    ],
  ];

  it.each(refused)('%s', (_statement, changes, code, path) => {
    const problems = problemsOf(changes);
    expect(problems.map((problem) => [problem.code, problem.path])).toContainEqual([code, path]);
    for (const problem of problems) expect(problem.fix.length).toBeGreaterThan(10);
  });

  it('reports every problem at once, not only the first', () => {
    expect(problemsOf({ ...route({ scope: 'nobody', origin: 'nowhere' }) })).toHaveLength(2);
  });

  it('never shows key material', () => {
    const shown = JSON.stringify(
      problemsOf(provider({ algorithms: ['HS256'], keys: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } })),
    );
    expect(shown).not.toContain('c2VjcmV0');
  });
});

describe('a good policy is made complete', () => {
  const policy = compilePolicy(policyWith({ hosts: ['WWW.example.com'], ignoreQuery: ['utm_*', 'gclid'] }));

  it('fills in what was left out', () => {
    expect(policy.routes.at(0)).toMatchObject({
      name: 'orders',
      kind: 'scoped',
      onMissing: 'reject',
      onInvalid: 'reject',
      purgeOnWrite: true,
      forwardCredential: true,
      browserTtlSeconds: null,
    });
    expect(policy.providers[0]?.credentials).toEqual([
      { kind: 'header', name: 'authorization', scheme: 'bearer' },
    ]);
    expect(policy.hosts).toEqual(new Set(['www.example.com']));
    expect(policy.ignoreQuery).toEqual({ names: new Set(['gclid']), globs: [['utm_', '']] });
  });

  it('links a part of a composite scope to the scope made of that part alone', () => {
    const linked = compilePolicy(
      policyWith({
        scopes: {
          user: { claims: 'sub' },
          tenant: { claims: 'tenant.id' },
          team: { claims: ['tenant.id', 'role'] },
        },
      }),
    );
    expect(linked.scopes.get('team')?.partScopes).toEqual([['tenant'], []]);
  });

  it('keeps the order in which a scope names its providers', () => {
    const two = compilePolicy(
      policyWith({
        providers: {
          a: { algorithms: ['RS256'], keys: { jwk: RSA_2048 } },
          b: { algorithms: ['RS256'], keys: { jwk: RSA_2048 } },
        },
        scopes: { user: { claims: 'sub', providers: ['b', 'a'] } },
      }),
    );
    expect(two.scopes.get('user')?.providers.map(({ name }) => name)).toEqual(['b', 'a']);
  });
});
