import { beforeEach, describe, expect, it } from 'vitest';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';
import { sign } from '../support/sign.ts';

const FORWARDED = { 'x-user-id': 'sub' };
const POLICY: PolicyInput = {
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['editor', { name: 'cms', provider: 'staff', requiredClaims: { role: 'editor' } }] },
  providers: {
    app: {
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 's', item: 'k', format: 'raw' },
    },
    staff: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } },
  },
  scopes: {
    member: { claims: ['sub', 'tenant'], providers: ['app'] },
    device: { claims: 'sub', parts: [{ cookie: 'sid' }], providers: ['app'] },
    user: { claims: 'sub', providers: ['app'] },
    staff: { claims: 'sub', providers: ['staff'] },
  },
  routes: {
    public: { path: '/public', scope: 'member', onInvalid: 'public', forwardClaims: FORWARDED },
    part: { path: '/part', scope: 'device', onInvalid: 'public', forwardClaims: FORWARDED },
    pass: { path: '/pass', scope: 'member', onInvalid: 'pass', forwardClaims: FORWARDED },
    graphql: {
      path: '/graphql',
      scope: 'member',
      onInvalid: 'public',
      forwardClaims: FORWARDED,
      graphql: true,
    },
  },
  revocation: { scopes: ['user', 'staff'] },
};
const policy = compilePolicy(POLICY);

let asked: OriginRequest[];
let lines: LogRecord[];
let purged: string[];
beforeEach(() => {
  asked = [];
  lines = [];
  purged = [];
});

const ask = (
  path: string,
  headers: Record<string, string>,
  init: RequestInit = {},
  changes: Partial<Platform> = {},
) => {
  const platform = memoryPlatform({
    fetchOrigin: async (request) => {
      asked.push(request);
      return new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } });
    },
    log: (_, line) => void lines.push(JSON.parse(line)),
    purge: (key) => void purged.push(key),
    ...changes,
  });
  return createRequestHandler(
    policy,
    routerOf(policy),
    platform,
  )({
    request: new Request(`http://www.test${path}`, { headers: { host: 'www.test', ...headers }, ...init }),
    requestId: 'request-1',
    clientAddress: '192.0.2.1',
    waitUntil: () => {},
    vcpuMs: () => null,
  });
};

describe('whoever falls back to anonymous carries nothing verified', () => {
  const MUTATION = JSON.stringify({ query: 'mutation { x }' });
  const json = { 'content-type': 'application/json' };
  it.each<[string, string, Record<string, string>, RequestInit]>([
    ['a read of a public fallback', '/public', {}, {}],
    ['a write of a public fallback', '/public', {}, { method: 'POST', body: 'x' }],
    ['a HEAD', '/public', {}, { method: 'HEAD' }],
    ['a read beside an editor’s cookie', '/public', { cookie: 'editor=1' }, {}],
    ['a read whose path is read in two ways', '/public;x', {}, {}],
    ['a scope that lacks a part', '/part', {}, {}],
    ['a write of a scope that lacks a part', '/part', {}, { method: 'PUT', body: 'x' }],
    ['a GraphQL mutation', '/graphql', json, { method: 'POST', body: MUTATION }],
    ['a GraphQL query', '/graphql', json, { method: 'POST', body: '{"query":"{ x }"}' }],
  ])(
    '%s: the origin gets neither claims nor credential, and nothing is stored or purged as theirs',
    async (_, path, headers, init) => {
      const authorization = `Bearer ${await sign({ sub: '42' })}`;
      const answer = await ask(path, { ...headers, authorization }, init);
      expect(answer.status).toBe(200);
      const sent = Object.fromEntries(asked[0]?.headers ?? []);
      expect(
        Object.keys(sent).filter((name) => /^(?:x-user-id|authorization|x-claimcache-.*)$/.test(name)),
      ).toEqual([]);
      expect(purged.filter((key) => !key.startsWith('url:'))).toEqual([]);
      expect(lines[0]?.fingerprint ?? 'public').toBe('public');
    },
  );

  it('where such a request passes for the origin to judge, it goes as it came, and nothing is said to be verified', async () => {
    const authorization = `Bearer ${await sign({ sub: '42' })}`;
    for (const init of [{}, { method: 'POST', body: 'x' }]) {
      asked = [];
      await ask('/pass', { authorization, 'x-user-id': '7' }, init);
      expect(Object.fromEntries(asked[0]?.headers ?? [])).toMatchObject({ authorization });
      for (const name of ['x-user-id', 'x-claimcache-claims'])
        expect(asked[0]?.headers.has(name)).toBe(false);
    }
  });

  it('so it is where the lane is only observed', async () => {
    const authorization = `Bearer ${await sign({ sub: '42' })}`;
    const config = () => (item: string) => (item === 'lane.public' ? 'observe' : null);
    await ask('/public', { authorization }, {}, { config });
    expect(asked[0]?.headers.has('x-user-id')).toBe(false);
  });

  it('whoever fills the scope is who they are', async () => {
    const authorization = `Bearer ${await sign({ sub: '42', tenant: 'acme' })}`;
    await ask('/public', { authorization }, { method: 'POST', body: 'x' });
    expect(Object.fromEntries(asked[0]?.headers ?? [])).toMatchObject({
      'x-user-id': '42',
      'x-claimcache-claims': '{"sub":"42","tenant":"acme"}',
    });
    expect(purged).toContainEqual(expect.stringMatching(/^member:~/));
  });
});

describe('an editor whose session is a token', () => {
  const editor = async (claims: object = {}) => ({
    cookie: `cms=${await sign({ sub: '7', role: 'editor', ...claims })}`,
  });
  const revoking = (...keys: string[]) => ({
    readKv: async (_: string, key: string) =>
      keys.includes(key) ? JSON.stringify({ notBefore: 9_999_999_999 }) : null,
  });

  it('passes', async () => {
    await ask('/page', await editor());
    expect(lines).toMatchObject([{ reason: 'cms-cookie', refusedCookies: 0 }]);
  });

  it.each<[string, Partial<Platform>]>([
    ['was revoked', revoking('revoked/staff:7')],
    ['has a token that was revoked', revoking('revoked-token/jti:t1')],
    ['cannot be looked up', { readKv: () => Promise.reject(new Error('down')) }],
  ])('and %s is nobody: the request is anonymous, and no origin gets the cookie', async (_, changes) => {
    await ask('/page', await editor({ jti: 't1' }), {}, changes);
    expect(lines).toMatchObject([{ lane: 'public', reason: 'anonymous', refusedCookies: 1 }]);
    expect(asked[0]?.headers.has('cookie')).toBe(false);
  });

  it('is not the user of that number whom another provider knows', async () => {
    await ask('/page', await editor(), {}, revoking('revoked/user:7'));
    expect(lines).toMatchObject([{ reason: 'cms-cookie' }]);
  });
});
