import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import type { RateRule } from '../../../src/policy/rate-limits.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryPlatform, SECRET } from '../../../src/testing/memory-platform.ts';
import { sign } from '../support/sign.ts';

const POLICY: PolicyInput = {
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 's', item: 'k', format: 'raw' },
    },
  },
  scopes: {
    user: { claims: 'sub' },
    profile: { claims: ['sub', 'version'] },
    team: { claims: 'team', shared: true },
  },
  routes: { orders: { path: '/api/orders', scope: 'user' }, team: { path: '/team', scope: 'team' } },
  revocation: { scopes: ['user'] },
  badTokenLimit: { count: 2, blockMinutes: 3 },
  selfPurge: { count: 3 },
  cors: { origins: ['https://app.test'], credentials: true },
};

let lines: LogRecord[];
let purged: string[];
let limits: { rule: string; client: string }[];

beforeEach(() => {
  lines = [];
  purged = [];
  limits = [];
});

function start(changes: Partial<Platform> = {}, policyChanges: Partial<PolicyInput> = {}) {
  const policy = compilePolicy({ ...POLICY, ...policyChanges });
  const platform = memoryPlatform({
    log: (_, line) => void lines.push(JSON.parse(line)),
    purge: (key, soft) => void purged.push(soft ? `soft ${key}` : key),
    limiter: ({ rateCounter }: RateRule) => ({
      isBlocked: () => false,
      count: (client) => {
        limits.push({ rule: rateCounter, client });
        return false;
      },
    }),
    ...changes,
  });
  const app = createRequestHandler(policy, routerOf(policy), platform);
  return (path: string, headers: Record<string, string> = {}, method = 'POST', body: string | null = null) =>
    app({
      request: new Request(`https://www.test${path}`, {
        method,
        headers: { host: 'www.test', ...headers },
        body,
      }),
      requestId: 'request-1',
      clientAddress: '192.0.2.1',
      waitUntil: () => {},
      vcpuMs: () => null,
    });
}

const PURGE_ME = '/.edge/purge/me';
let alice: string;
let bearer: Record<string, string>;
beforeAll(async () => {
  alice = await sign({ sub: '42', version: 7, team: 'acme' });
  bearer = { authorization: `Bearer ${alice}` };
});

describe('POST /.edge/purge/me', () => {
  it('purges the entries of every scope that names the caller, and of none that several share', async () => {
    const answer = await start()(PURGE_ME, bearer);
    expect(answer.status).toBe(200);
    expect(purged).toEqual(['user:42', expect.stringMatching(/^profile:~[\w-]{43}$/)]);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    // Surrogate keys never reach a client.
    expect(await answer.json()).toEqual({ purged: 2 });
    expect(lines).toMatchObject([
      { lane: 'operator', reason: 'self-purge', status: 200, purged: 2, provider: 'app', algorithm: 'HS256' },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/acme|"42"|user:42/);
  });

  it('a scope that the token does not fill is left out', async () => {
    const without = await sign({ sub: '43' });
    expect(await (await start()(PURGE_ME, { authorization: `Bearer ${without}` })).json()).toEqual({
      purged: 1,
    });
    expect(purged).toEqual(['user:43']);
  });

  it.each<[string, () => Promise<Record<string, string>>, number]>([
    ['no token', async () => ({}), 401],
    ['a bad token', async () => ({ authorization: 'Bearer a.b.c' }), 401],
    ['an expired one', async () => ({ authorization: `Bearer ${await sign({ sub: '42' }, -10)}` }), 401],
    ['one without the claim', async () => ({ authorization: `Bearer ${await sign({ team: 'acme' })}` }), 401],
    ["the operator's", async () => ({ authorization: `Bearer ${SECRET}` }), 401],
    ['two cookies', async () => ({ cookie: `session=${alice}; session=other` }), 401],
  ])('with %s nothing is purged', async (_what, headers, status) => {
    const answer = await start()(PURGE_ME, await headers());
    expect(answer.status).toBe(status);
    expect(purged).toEqual([]);
    expect(limits.filter(({ rule }) => rule === 'claimcache_self_purges')).toEqual([]);
  });

  it('a bad token counts once against the client, however many scopes were asked', async () => {
    await start()(PURGE_ME, { authorization: 'Bearer a.b.c' });
    expect(limits).toEqual([{ rule: 'claimcache_bad_tokens', client: '192.0.2.1' }]);
  });

  it('whoever was revoked purges nothing, and neither does anybody while the store is down', async () => {
    const revoked = start({ readKv: async () => JSON.stringify({ notBefore: 9_999_999_999 }) });
    expect((await revoked(PURGE_ME, bearer)).status).toBe(401);
    const down = start({ readKv: () => Promise.reject(new Error('down')) });
    expect((await down(PURGE_ME, bearer)).status).toBe(503);
    expect(purged).toEqual([]);
  });

  it('the floor limits an identity where the platform’s limiter never does, whatever the token', async () => {
    const send = start();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      const token = await sign({ sub: '42', version: 7, jti: String(i) });
      statuses.push((await send(PURGE_ME, { authorization: `Bearer ${token}` })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const limited = await send(PURGE_ME, bearer);
    expect(limited.headers.get('retry-after')).toBe('60');
    expect(purged).toHaveLength(6);
    const bob = await sign({ sub: '43' });
    expect((await send(PURGE_ME, { authorization: `Bearer ${bob}` })).status).toBe(200);
  });

  it('reaches what the caller has under other parts, and counts by the claims, not by what a client says', async () => {
    const scopes: PolicyInput['scopes'] = {
      local: { claims: 'sub', parts: [{ header: 'accept-language', values: ['de'] }, { cookie: 'sid' }] },
    };
    const routes = { local: { path: '/l', scope: 'local' } };
    const send = start({}, { scopes, routes, revocation: undefined as never });
    // No cookie of that name: whoever is verified purges theirs all the same.
    const statuses = [(await send(PURGE_ME, bearer)).status];
    for (let i = 0; i < 5; i++) {
      const language = i % 2 === 0 ? 'de' : 'fr';
      const headers = { ...bearer, cookie: `sid=${i}`, 'accept-language': language };
      statuses.push((await send(PURGE_ME, headers)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
    expect(new Set(purged)).toEqual(new Set(['local:42']));
    const bob = { authorization: `Bearer ${await sign({ sub: '43' })}`, cookie: 'sid=1' };
    expect((await send(PURGE_ME, bob)).status).toBe(200);
  });

  it('counts by who somebody is where no scope has a claim', async () => {
    const scopes: PolicyInput['scopes'] = {
      device: { parts: [{ cookie: 'sid' }], requiredClaims: { team: true } },
    };
    const send = start(
      {},
      { scopes, routes: { d: { path: '/d', scope: 'device' } }, revocation: undefined as never },
    );
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++)
      statuses.push((await send(PURGE_ME, { ...bearer, cookie: `sid=${i}` })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(new Set(purged).size).toBe(3);
  });

  it('the platform’s limiter is asked under the names of the policy, by a digest of the identity', async () => {
    const asked: RateRule[] = [];
    const clients: string[] = [];
    const limiter = (rule: RateRule) => {
      asked.push(rule);
      const isBlocked = (client: string) => {
        if (rule.rateCounter === 'rc') clients.push(client);
        return false;
      };
      return { isBlocked, count: () => rule.rateCounter === 'rc' };
    };
    const selfPurge = {
      count: 5,
      windowSeconds: 10,
      blockMinutes: 2,
      rateCounter: 'rc',
      penaltyBox: 'pb',
    } as const;
    const answer = await start({ limiter }, { selfPurge })(PURGE_ME, bearer);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('120');
    expect(asked).toContainEqual(selfPurge);
    expect(purged).toEqual([]);
    expect(clients).toEqual([expect.stringMatching(/^self-purge:[\w-]{43}$/)]);
  });

  it('a cookie that another site’s page sends purges nothing; one of this site’s pages does', async () => {
    const send = start();
    const cookie = { cookie: `session=${alice}` };
    for (const hostile of [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' },
      { 'sec-fetch-site': 'same-site', origin: 'https://other.www.test' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: 'https://www.test.evil.test' },
      { origin: 'https://www.test:8443' },
    ]) {
      const answer = await send(PURGE_ME, { ...cookie, ...(hostile as Record<string, string>) });
      expect(answer.status, JSON.stringify(hostile)).toBe(403);
    }
    expect(purged).toEqual([]);
    for (const own of [
      { 'sec-fetch-site': 'same-origin', origin: 'https://www.test' },
      { origin: 'https://www.test' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://app.test' },
    ]) {
      expect((await send(PURGE_ME, { ...cookie, ...(own as Record<string, string>) })).status).toBe(200);
    }
  });

  it('a header is not sent unasked: where it comes from does not matter', async () => {
    const cross = { 'sec-fetch-site': 'cross-site', origin: 'https://other.test' };
    expect((await start()(PURGE_ME, { ...bearer, ...cross })).status).toBe(200);
  });

  it('an application that the policy names may ask before, and reads the answer', async () => {
    const send = start();
    const preflight = await send(
      PURGE_ME,
      { origin: 'https://app.test', 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.test');
    const refused = await send(PURGE_ME, { origin: 'https://app.test' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://app.test');
    const operator = { origin: 'https://app.test', 'access-control-request-method': 'POST' };
    expect((await send('/.edge/purge', operator, 'OPTIONS')).status).toBe(401);
  });

  it('by another method, or where the policy has no use for it, there is nothing', async () => {
    expect((await start()(PURGE_ME, bearer, 'GET')).status).toBe(405);
    expect((await start({}, { selfPurge: false })(PURGE_ME, bearer)).status).toBe(404);
    const shared = {
      scopes: { team: { claims: 'team', shared: true } },
      routes: { team: { path: '/t', scope: 'team' } },
    };
    const noPerson = { ...shared, revocation: undefined as never };
    expect((await start({}, noPerson)(PURGE_ME, bearer)).status).toBe(404);
    expect(purged).toEqual([]);
  });
});

/** RFC 7515 appendix A.3. */
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

describe('GET /.edge/status', () => {
  const operator = { authorization: `Bearer ${SECRET}` };
  const statusOf = async (send: ReturnType<typeof start>) =>
    JSON.parse(await (await send('/.edge/status', operator, 'GET')).text());

  it('tells policy, build, engine, switches and the keys by their ids, and no secret', async () => {
    const set = {
      keys: [
        { ...EC, kid: 'ec-1' },
        { ...EC, y: EC.x, kid: 'ec-0' },
        { kty: 'oct', k: 'A'.repeat(43) },
      ],
    };
    const providers: PolicyInput['providers'] = {
      ...POLICY.providers,
      partner: { algorithms: ['ES256'], keys: { configStore: 'c', item: 'jwks' } },
    };
    const scopes = { user: { claims: 'sub', providers: ['app', 'partner'] } };
    const routes = { orders: { path: '/api/orders', scope: 'user' } };
    const config = () => (item: string) =>
      ({ jwks: JSON.stringify(set), 'route.orders': 'observe', 'route.default': 'pass' })[item] ?? null;
    const send = start({ config }, { providers, scopes, routes });
    const status = await statusOf(send);
    expect(status).toEqual({
      v: 1,
      policy: { digest: expect.stringMatching(/^[\w-]{43}$/), routes: 1 },
      build: { version: 'unbuilt', revision: null, builtAt: null },
      engine: 'core',
      localCache: false,
      switches: {
        cache: 'on',
        keyVersion: '',
        engine: 'auto',
        https: null,
        lanes: {},
        routes: { orders: 'observe', default: 'pass' },
      },
      providers: {
        app: {
          source: 'secretStore',
          keys: [{ kid: null, algorithms: ['HS256'] }],
          refused: [],
          uncertain: false,
          why: null,
        },
        partner: {
          source: 'configStore',
          keys: [{ kid: 'ec-1', algorithms: ['ES256'] }],
          refused: [
            { index: 1, kid: 'ec-0', problem: 'ec-point' },
            { index: 2, kid: null, problem: 'secret-in-public' },
          ],
          uncertain: false,
          why: null,
        },
      },
    });
    expect(JSON.stringify(status)).not.toContain(SECRET);
    expect((await send('/.edge/status', bearer, 'GET')).status).toBe(401);
  });

  it('keys that cannot be had and a platform without a cache are told, not thrown', async () => {
    const secret = async (_: string, item: string) => (item === 'operator_token' ? SECRET : null);
    const status = await statusOf(start({ secret, coreCache: null }));
    expect(status).toMatchObject({ engine: 'none', providers: { app: { keys: null } } });
  });
});

describe('an order that cannot be followed', () => {
  const orderOf = (path: string, body: object, token = SECRET) =>
    start()(path, { authorization: `Bearer ${token}` }, 'POST', JSON.stringify(body));

  it.each([
    [
      '/.edge/purge',
      { scope: 'usr', value: 'somebody' },
      'Unknown scope "usr". Did you mean "user"? Known: user, profile, team.',
    ],
    [
      '/.edge/purge',
      { scope: 'nothing-like-it', value: 'somebody' },
      'Unknown scope "nothing-like-it". Known: user, profile, team.',
    ],
    [
      '/.edge/purge',
      { route: 'order' },
      'Unknown route "order". Did you mean "orders"? Known: orders, team, default.',
    ],
    [
      '/.edge/purge',
      { scope: 'profile', value: 'somebody' },
      'The scope "profile" has 2 values (sub, version), not 1.',
    ],
    [
      '/.edge/purge',
      { user: 'somebody' },
      'Expected {scope, value}, {scope, values}, {type, id}, {route} or {keys}, and soft, dryRun.',
    ],
    ['/.edge/revoke', { scope: 'team', value: 'somebody' }, 'Unknown scope "team". Known: user.'],
  ])('%s %j is answered with what is wrong, and what there is', async (path, body, detail) => {
    const response = await orderOf(path, body);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json',
    ]);
    expect(await response.json()).toMatchObject({ status: 400, title: 'Bad request', detail });
    // The log does not quote the order.
    expect(JSON.stringify(lines)).not.toMatch(/usr|nothing-like-it|somebody/);
  });

  it('whoever is not the operator is told nothing of it', async () => {
    for (const path of ['/.edge/purge', '/.edge/revoke', '/.edge/explain', '/.edge/nowhere']) {
      const response = await orderOf(path, { scope: 'usr', value: 'somebody' }, 'a-guess-of-some-length');
      const text = await response.text();
      expect([401, 404]).toContain(response.status);
      expect(text).not.toMatch(/detail|user|profile|team/);
    }
  });
});
