import fc from 'fast-check';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { claimMisfits } from '../../../src/explain/claim-misfits.ts';
import { createExplain } from '../../../src/explain/explain.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { checkClaims } from '../../../src/policy/providers/check-claims.ts';
import type { Provider } from '../../../src/policy/providers/provider.ts';
import { createPlanner } from '../../../src/request/plan.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryPlatform, SECRET } from '../../../src/testing/memory-platform.ts';

const NOW_MS = 1_780_000_000_000;
const NOW = NOW_MS / 1000;
const keys = { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' } as const;
const policy = compilePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      algorithms: ['HS256'],
      keys,
      issuer: ['https://id.test/', 'https://old.test/{tid}/v2'],
      audience: ['api', 'web'],
      type: 'at+jwt',
      requiredClaims: { client_id: ['site', 'app'], tid: ['t1'] },
    },
    young: { algorithms: ['HS256'], keys, issuer: 'young', maxTokenAgeSeconds: 600 },
    plain: { algorithms: ['HS256'], keys },
  },
  scopes: {
    person: { claims: 'sub', providers: ['app'] },
    either: { claims: 'sub', providers: ['app', 'young'] },
    tenant: { claims: ['tenant.id', 'sub'], providers: ['plain'] },
    admin: { claims: 'sub', providers: ['plain'], requiredClaims: { role: 'admin' } },
    device: { parts: [{ header: 'x-device' }, { cookie: 'did' }], providers: [] },
  },
  routes: {
    person: { path: '/person', scope: 'person' },
    either: { path: '/either', scope: 'either' },
    tenant: { path: '/tenant', scope: 'tenant' },
    admin: { path: '/admin', scope: 'admin' },
    device: { path: '/device', scope: 'device' },
  },
});
const platform = memoryPlatform({ nowMs: () => NOW_MS });
const explain = createExplain({
  policy,
  plan: createPlanner(policy, routerOf(policy), platform).plan,
  platform,
  engineOf: () => 'core',
  ownHandlers: () => 0,
});

async function told(path: string, token: string | null, headers: Record<string, string> = {}) {
  const explanation = await explain({
    method: 'GET',
    url: `https://www.test${path}`,
    headers: new Headers({ ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers }),
    clientAddress: null,
    body: null,
    showValues: false,
    response: null,
  });
  const text = explanation.steps.map((step) => step.text).join('\n');
  return { ...explanation, text };
}

/** Good for the provider app. */
const GOOD = {
  sub: 'secret-sub',
  iss: 'https://id.test/',
  aud: 'api',
  client_id: 'site',
  tid: 't1',
  exp: NOW + 60,
};
const signed = (changes: object, typ = 'at+jwt') => sign({ ...GOOD, ...changes }, typ);

function sign(claims: object, typ = 'JWT'): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ })
    .sign(new TextEncoder().encode(SECRET));
}

it.each([
  [
    'iss',
    { iss: 'https://evil.test/' },
    '"https://evil.test/"',
    'one of "https://id.test/", "https://old.test/{tid}/v2"',
  ],
  ['aud', { aud: ['other', 'more'] }, '["other","more"]', 'one of "api", "web"'],
  ['aud', { aud: undefined }, 'missing', 'one of "api", "web"'],
  ['aud', { aud: { deep: 'hidden-value' } }, '{"deep":"(string)"}', 'one of "api", "web"'],
  ['client_id', { client_id: 'hidden-value' }, '"(string)"', 'one of "site", "app"'],
  ['client_id', { client_id: undefined }, 'missing', 'one of "site", "app"'],
  [
    'exp',
    { exp: NOW - 90 },
    `${NOW - 90} (${new Date(NOW_MS - 90_000).toISOString()}): expired 90 s ago`,
    `later than ${NOW} (${new Date(NOW_MS).toISOString()})`,
  ],
  ['exp', { exp: NOW_MS }, `${NOW_MS}: are these milliseconds?`, 'a time in seconds since 1970'],
  ['exp', { exp: 'hidden-value' }, '"(string)"', 'a time in seconds since 1970'],
  [
    'nbf',
    { nbf: NOW + 30 },
    `${NOW + 30} (${new Date(NOW_MS + 30_000).toISOString()}): not valid for another 30 s`,
    `not later than ${NOW} (${new Date(NOW_MS).toISOString()})`,
  ],
] as const)(
  '%s that does not fit is told with what is expected: %j',
  async (field, changes, actual, expected) => {
    const { credential, code, text, ...rest } = await told('/person', await signed(changes));
    expect(code).toMatch(/^ERR_TOKEN_(CLAIM|EXPIRED|NOT_YET_VALID)$/);
    expect(credential?.misfits).toEqual([{ provider: 'app', field, expected, actual }]);
    expect(text).toContain(`app: ${field} is ${actual}, expected ${expected}`);
    expect(JSON.stringify([credential, rest, text])).not.toMatch(/secret-sub|hidden-value/);
  },
);

it('typ, and all that does not fit at once', async () => {
  const { credential } = await told('/person', await signed({ aud: 'x', exp: NOW - 1 }, 'JWT'));
  expect(credential?.misfits.map(({ field, actual }) => [field, actual])).toEqual([
    ['exp', expect.stringContaining('expired 1 s ago')],
    ['aud', '"x"'],
    ['typ', '"JWT"'],
  ]);
});

it('where no provider knows the issuer, each says what it expects', async () => {
  const { credential } = await told('/either', await signed({ iss: 'nobody' }));
  expect(credential?.misfits.filter(({ field }) => field === 'iss')).toEqual([
    expect.objectContaining({ provider: 'app', actual: '"nobody"' }),
    expect.objectContaining({ provider: 'young', expected: '"young"' }),
  ]);
});

it('a token that is too old is told since when', async () => {
  const { credential, code } = await told('/either', await signed({ iss: 'young', iat: NOW - 700 }));
  expect(code).toBe('ERR_TOKEN_EXPIRED');
  expect(credential?.misfits).toEqual([
    {
      provider: 'young',
      field: 'iat',
      expected: 'at most 600 s ago (maxTokenAgeSeconds)',
      actual: `${NOW - 700} (${new Date(NOW_MS - 700_000).toISOString()}): 700 s ago, too old since ${NOW - 100} (${new Date(NOW_MS - 100_000).toISOString()})`,
    },
  ]);
});

it('of a token whose claims fit, or that is none, nothing of it is told', async () => {
  const forged = `${(await signed({})).slice(0, -6)}AAAAAA`;
  for (const token of [forged, 'a.b.c'])
    expect((await told('/person', token)).credential?.misfits).toEqual([]);
});

it.each([
  [{}, 'missing'],
  [{ tenant: { name: 'hidden-value' } }, 'missing: tenant is there, and has no member "id"'],
  [{ tenant: { id: '' } }, 'an empty text'],
  [{ tenant: { id: ['hidden-value'] } }, '"(array of 1)", which no key is made of'],
  [
    { 'tenant.id': 'hidden-value' },
    'missing; the token has one claim named "tenant.id": { path: ["tenant.id"] }',
  ],
])(
  'a claim that the scope cannot use is told with the path that was looked up: %j',
  async (claims, found) => {
    const { code, scope, text } = await told(
      '/tenant',
      await sign({ sub: 'secret-sub', exp: NOW + 60, ...claims }),
    );
    expect(code).toBe('ERR_SCOPE_CLAIM');
    expect(scope?.lookups).toEqual([
      { name: 'tenant.id', path: ['tenant', 'id'], found: expect.stringContaining(found) },
      { name: 'sub', path: ['sub'], found: '"(string)"' },
    ]);
    expect(text).toContain(`tenant.id: ${found}`);
    expect(text + JSON.stringify(scope)).not.toMatch(/secret-sub|hidden-value/);
  },
);

it('the path is told where no token has verified, too', async () => {
  const { scope } = await told('/tenant', null);
  expect(scope?.lookups[0]).toEqual({ name: 'tenant.id', path: ['tenant', 'id'], found: null });
});

it('a role that is required and not there is told with what was asked', async () => {
  const { code, credential } = await told(
    '/admin',
    await sign({ sub: '1', exp: NOW + 60, role: 'hidden-value' }),
  );
  expect(code).toBe('ERR_SCOPE_INSUFFICIENT');
  expect(credential?.misfits).toEqual([
    { provider: 'plain', field: 'role', expected: '"admin"', actual: '"(string)"' },
  ]);
});

it('where nobody was found is told where was looked', async () => {
  expect((await told('/person', null)).text).toContain('looked at: header authorization (bearer)');
  const device = await told('/device', null, { 'x-device': 'hidden-value' });
  expect(device.text).toContain('cookie did: not sent');
  expect(device.text).toContain('header x-device: sent');
  expect(JSON.stringify(device)).not.toContain('hidden-value');
});

it('what does not fit is told exactly where the edge refuses a token for its claims', () => {
  const times = fc.constantFrom<unknown>(
    undefined,
    NOW - 700,
    NOW - 1,
    NOW,
    NOW + 1,
    NOW + 700,
    NOW_MS,
    'x',
    null,
  );
  const claims = fc.record({
    exp: times,
    nbf: times,
    iat: times,
    iss: fc.constantFrom<unknown>(undefined, 'https://id.test/', 'https://old.test/t1/v2', 'young', 7, 'x'),
    tid: fc.constantFrom<unknown>(undefined, 't1', 't2'),
    aud: fc.constantFrom<unknown>(undefined, 'api', ['x', 'web'], [], 'x'),
    client_id: fc.constantFrom<unknown>(undefined, 'site', 'x'),
  });
  const provider = fc.constantFrom(...(policy.providers as [Provider, ...Provider[]]));
  const type = fc.constantFrom(null, 'at+jwt', 'application/AT+JWT', 'JWT');
  const leeway = fc.constantFrom(0, 5);
  fc.assert(
    fc.property(claims, provider, type, leeway, (raw, given, typ, clockToleranceSeconds) => {
      const token = {
        claims: Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined)),
        type: typ,
      };
      const asked = { ...given, clockToleranceSeconds };
      expect(claimMisfits(token, asked, NOW_MS).length > 0).toBe(checkClaims(token, asked, NOW_MS) !== null);
    }),
    { numRuns: 2000 },
  );
});
