import { describe, expect, it } from 'vitest';
import { authjs } from '../../../src/identity/presets/authjs.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import type { ProviderInput } from '../../../src/policy/providers/provider.ts';
import { testEdge } from '../../../src/testing/test-edge.ts';

const SIGNED = { algorithms: ['ES256'], keys: { configStore: 'c', item: 'i' } } as const;

const PLACES: readonly [string, ProviderInput, RegExp][] = [
  ['Auth.js', authjs(), /^__Secure-authjs\.session-token(?:\.\d)?=eyJ/],
  ['NextAuth 4', authjs({ version: 4 }), /^__Secure-next-auth\.session-token(?:\.\d)?=eyJ/],
  [
    'Supabase',
    { ...SIGNED, credentials: [{ cookie: 'sb-*-auth-token', format: 'supabase' }] },
    /^sb-test-auth-token(?:\.\d)?=base64-/,
  ],
  [
    'JSON',
    { ...SIGNED, credentials: [{ cookie: 's', format: { json: 'tokens.access' } }] },
    /^s(?:\.\d)?=%7B/,
  ],
  ['chunked', { ...SIGNED, credentials: [{ cookie: 's', format: 'chunked' }] }, /^s(?:\.\d)?=eyJ/],
  ['the query', { ...SIGNED, credentials: [{ query: 'token', forward: true }] }, /^$/],
];

function policy(provider: ProviderInput, more: Partial<PolicyInput> = {}): PolicyInput {
  return {
    origins: { app: { backend: 'origin' } },
    providers: { app: provider },
    scopes: { user: { claims: 'sub' } },
    routes: { mine: { path: '/mine', scope: 'user', ttlSeconds: 60 } },
    // A long token in a URL.
    limits: { urlBytes: 7000 },
    ...more,
  };
}

const origin = (request: Request) =>
  new Response(`${request.headers.get('x-claimcache-claims')}`, { headers: { 'cache-control': 'private' } });

describe.each(PLACES)('`as` in the place of %s', (_, provider, cookie) => {
  it('is who the edge takes it for, and a page of their own', async () => {
    const edge = await testEdge(policy(provider), { origin });
    for (const [as, state] of [
      [{ sub: 'alice' }, 'MISS'],
      [{ sub: 'bob', about: 'x'.repeat(4000) }, 'MISS'],
      [{ sub: 'alice' }, 'HIT'],
      [{ sub: 'bob' }, 'HIT'],
    ] as const) {
      const answer = await edge.fetch('/mine?a=1', { as });
      expect([answer.status, answer.headers.get('x-cache')], await answer.clone().text()).toEqual([
        200,
        state,
      ]);
      expect(await answer.text()).toContain(`"sub":"${as.sub}"`);
    }
    expect((await edge.fetch('/mine?a=1')).status).toBe(401);
    expect((await edge.fetch('/mine?a=1', { as: { sub: 'alice' }, expiresInSeconds: -5 })).status).toBe(401);
    expect(await edge.plan('/mine', { as: { sub: 'alice' } })).toMatchObject({ reason: 'scope-verified' });
    const [asked] = edge.originRequests;
    expect(asked?.headers.get('cookie') ?? '').toMatch(cookie);
    expect(edge.logs.map(({ provider: name }) => name)).toContain('app');
  });
});

it('a token in the query is a credential where no route names the path', async () => {
  const input = policy({ ...SIGNED, credentials: [{ query: 'token' }] }, { fallback: 'auto' });
  const edge = await testEdge(input, { origin });
  expect((await edge.plan('/other?token=x')).reason).toBe('fallback-credential');
  expect((await edge.plan('/other?Token=x')).lane).toBe('public');
});

it('a handler sees a query without tokens, and may give one to the lanes', async () => {
  const { createHandlers } = await import('../../../src/request/handlers/create-handlers.ts');
  const seen: string[] = [];
  const handlers = createHandlers()
    .get('/old', ({ query, rewrite }) => {
      seen.push(query.toString());
      rewrite('/mine?b=2');
      return undefined;
    })
    .get('/forge', ({ rewrite }) => {
      rewrite('/mine?token=forged');
      return undefined;
    });
  const input = policy({ ...SIGNED, credentials: [{ query: 'token' }] });
  const edge = await testEdge(input, { origin, handlers });
  const answer = await edge.fetch('/old?a=1', { as: { sub: 'alice' }, provider: 'app' });
  expect(answer.status).toBe(200);
  expect(seen).toEqual(['a=1']);
  expect(edge.originRequests.map(({ url }) => new URL(url).search)).toEqual(['?b=2']);
  expect((await edge.fetch('/forge')).status).toBe(401);
});

it('somebody else’s scheme passes on every lane of a route with a scope, and is never the token', async () => {
  const input = policy(
    { ...SIGNED, credentials: [{ header: 'authorization' }, { cookie: 'session' }] },
    {
      routes: {
        mine: { path: '/mine', scope: 'user', otherSchemes: ['Basic'] },
        open: { path: '/open', scope: 'user', otherSchemes: ['Basic'], onMissing: 'public' },
        plain: { path: '/plain', scope: 'user' },
      },
    },
  );
  const edge = await testEdge(input, { origin });
  const reason = async (path: string, authorization: string) =>
    (await edge.plan(path, { headers: { authorization } })).reason;
  const codeOf = async (path: string, authorization: string) =>
    (await edge.plan(path, { headers: { authorization } })).code;
  expect(await codeOf('/mine', 'Basic eDp5')).toBe('ERR_CREDENTIAL_MISSING');
  expect(await codeOf('/plain', 'Basic eDp5')).toBe('ERR_TOKEN_MALFORMED');
  expect(await codeOf('/mine', 'Basic eDp5, a.b.c')).toBe('ERR_CREDENTIAL_AMBIGUOUS');
  expect(await reason('/open', 'basic eDp5')).toBe('other-scheme');
  expect(await codeOf('/open', 'Digest x')).toBe('ERR_TOKEN_MALFORMED');
});
