import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TestEdge, TestRequest } from '../../../src/testing/index.ts';
import { ANSWERS, edgeOf, importFixture, importText, policyOf, probe } from './support.ts';

const person = (sub: string, tenant = 'acme') => ({ as: { sub, tenant: { id: tenant } } });
const SECRET = 'a-secret-that-must-not-be-in-the-policy';

/** A query by POST, and what came of it. */
async function ask(edge: TestEdge, query: string, request: TestRequest = {}): Promise<string | null> {
  const response = await edge.fetch('/graphql', {
    ...request,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...request.headers },
    body: JSON.stringify({ query }),
  });
  return response.headers.get('x-cache');
}

async function answering(run: Parameters<typeof policyOf>[0], data: object): Promise<TestEdge> {
  const { testEdge } = await import('../../../src/testing/index.ts');
  return testEdge(policyOf(run), {
    now: 1_700_000_000_000,
    origin: () => Response.json({ data }),
  });
}

describe('rules by types, with scopes by claims', () => {
  const imported = (...args: string[]) => importFixture('stellate.config.ts.txt', [...ANSWERS, ...args]);

  it('two people, and two tenants of one person, have entries of their own', async () => {
    const edge = await answering(await imported(), { profile: { __typename: 'Profile' } });
    const query = '{ profile { __typename name } }';
    expect(await ask(edge, query, person('1'))).toBe('MISS');
    expect(await ask(edge, query, person('1'))).toBe('HIT');
    expect(await ask(edge, query, person('2'))).toBe('MISS');
    expect(await ask(edge, query, person('1', 'globex'))).toBe('MISS');
  });

  it('a type lives as long as its rule says, the smallest of several', async () => {
    const edge = await answering(await imported(), { a: { __typename: 'Plan' }, b: { __typename: 'Order' } });
    const query = '{ a { __typename } b { __typename } }';
    await ask(edge, query, person('1'));
    edge.advance(299);
    expect(await ask(edge, query, person('1'))).toBe('HIT');
    edge.advance(2);
    // swr
    expect(await ask(edge, query, person('1'))).toBe('STALE');
  });

  it('nonCacheable types and fields are never kept', async () => {
    const run = await imported();
    const card = await answering(run, { a: { __typename: 'Order' }, b: { __typename: 'PaymentMethod' } });
    for (let i = 0; i < 3; i++)
      expect(await ask(card, '{ a { __typename } b { __typename } }', person('1'))).not.toBe('HIT');
  });

  it('rules for root fields, and a root field that is never kept', async () => {
    const rules = [
      { types: { Query: ['articles'] }, maxAge: 900 },
      { types: ['Order'], maxAge: 60 },
    ];
    const config = { originUrl: 'https://e.example/graphql', rules, nonCacheable: ['Query.basket'] };
    const run = await importText('s.json', JSON.stringify(config));
    const edge = await answering(run, { articles: [], basket: {} });
    for (let i = 0; i < 3; i++) expect(await ask(edge, '{ articles { id } basket { id } }')).not.toBe('HIT');
    await ask(edge, '{ articles { id } }');
    expect(await ask(edge, '{ articles { id } }')).toBe('HIT');
    expect(run.stderr).toContain('a root field that no rule names is kept as long as the origin says');
  });

  it('without a token everybody shares an entry, and a token that does not verify passes', async () => {
    const edge = await answering(await imported(), { articles: [{ __typename: 'Article' }] });
    await ask(edge, '{ articles { __typename } }');
    expect(await ask(edge, '{ articles { __typename } }')).toBe('HIT');
    const forged = { headers: { authorization: 'Bearer a.b.c' } };
    expect(await ask(edge, '{ articles { __typename } }', forged)).not.toBe('HIT');
  });

  it('secrets are named, and stand in neither the policy nor the report', async () => {
    const run = await imported();
    expect(run.stdout + run.stderr).not.toMatch(/a-secret-that-must-not|only-for-the-origin/);
    expect(policyOf(run).providers?.idp?.keys).toEqual({
      secretStore: 'claimcache_secrets',
      item: 'idp_secret',
      format: 'raw',
    });
    expect(policyOf(run).origins.api?.lock).toEqual({ header: 'x-gateway-password', item: 'origin_secret' });
    expect(run.stderr).toMatch(/line \d+ +idp_secret: stands in the source/);
    const json = await imported('--json');
    expect(json.stdout).not.toContain(SECRET);
  });

  it('says what it did with each rule, and what means something else', async () => {
    const { stderr } = await imported();
    for (const text of [
      'the rule for Profile, Order: 300 s, scope USER',
      'the scope UNUSED: no rule asks for it',
      'keyFields of Order',
      'types are known by __typename',
      'bypassCacheHeaders',
      'swr is one for the endpoint: 60 s',
    ])
      expect(stderr).toContain(text);
  });
});

describe('a scope without a JWT', () => {
  it('by Authorization: the verified claim, so that a new token of the same person hits', async () => {
    const edge = await answering(await importFixture('stellate-authenticated.json', ANSWERS), {
      me: { id: 1 },
    });
    expect(await ask(edge, '{ me { id } }', person('1'))).toBe('MISS');
    expect(await ask(edge, '{ me { id } }', { ...person('1'), expiresInSeconds: 99 })).toBe('HIT');
    expect(await ask(edge, '{ me { id } }', person('2'))).toBe('MISS');
  });

  it('by a cookie that is no token: its text keeps two sessions apart', async () => {
    const config = {
      originUrl: 'https://e.example/graphql',
      scopes: { S: 'cookie:sid' },
      rules: [{ types: ['Query'], maxAge: 60, scope: 'S' }],
    };
    const run = await importText('stellate.json', JSON.stringify({ config }));
    const edge = await answering(run, { me: {} });
    const sid = (text: string) => ({ headers: { cookie: `sid=${text}` } });
    expect(await ask(edge, '{ me { id } }', sid('1'))).toBe('MISS');
    expect(await ask(edge, '{ me { id } }', sid('1'))).toBe('HIT');
    expect(await ask(edge, '{ me { id } }', sid('2'))).toBe('MISS');
    expect(run.stderr).toContain('nothing verifies it');
  });
});

const rule = (scopes: object, names: readonly string[]) =>
  JSON.stringify({
    originUrl: 'https://e.example/graphql',
    scopes,
    rules: names.map((scope) => ({ types: ['Query'], maxAge: 60, scope })),
  });

describe('keys', () => {
  it('a public key in the source becomes the provider’s; a reference to one an item of the Config Store', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const scope = (secret: unknown) => ({
      U: { definition: 'header:authorization', jwt: { claim: 'sub', algorithm: 'ES256', secret } },
    });
    const own = policyOf(await importText('s.json', rule(scope(pem), ['U']), ANSWERS));
    expect(own.providers?.idp?.keys).toMatchObject({ jwk: { kty: 'EC', crv: 'P-256' } });
    const named = policyOf(await importText('s.json', rule(scope(':public_key'), ['U']), ANSWERS));
    expect(named.providers?.idp?.keys).toEqual({ configStore: 'claimcache_config', item: 'public_key' });
  });

  it('tokens with different keys: no token tells both, so that the endpoint passes', async () => {
    const scope = (secret: string) => ({
      definition: 'header:authorization',
      jwt: { claim: 'sub', algorithm: 'HS256', secret },
    });
    const run = await importText('s.json', rule({ A: scope(':a'), B: scope(':b') }, ['A', 'B']), ANSWERS);
    expect((await probe(await edgeOf(run), '/graphql')).lane).toBe('pass');
    expect(run.stderr).toContain('their tokens have different keys or places');
  });

  it('a claim of a group is shared by its members, with the origin’s consent alone', async () => {
    const scope = {
      T: {
        definition: 'header:authorization',
        jwt: { claim: 'tenant.id', algorithm: 'HS256', secret: ':s' },
      },
    };
    const run = await importText('s.json', rule(scope, ['T']), ANSWERS);
    expect(policyOf(run).scopes).toEqual({ t: { claims: 'tenant.id', providers: ['idp'], shared: true } });
    expect(run.stderr).toContain('t is shared by several people');
  });

  it('rules without a scope, and passThroughOnly', async () => {
    const open = JSON.stringify({
      originUrl: 'https://e.example/graphql',
      rules: [{ types: ['Query'], maxAge: 60 }],
    });
    const edge = await answering(await importText('s.json', open), { a: 1 });
    await ask(edge, '{ a }');
    expect(await ask(edge, '{ a }')).toBe('HIT');
    const off = open.replace('{', '{"passThroughOnly":true,');
    expect((await probe(await edgeOf(await importText('s.json', off)), '/graphql')).lane).toBe('pass');
  });

  it('module.exports, and what only running the file could tell', async () => {
    const text = `const config = { originUrl: 'https://e.example/graphql', scopes: { U: { definition: 'header:authorization', jwt: { claim: 'sub', algorithm: 'HS256', secret: process.env.SECRET } } }, rules: [{ types: ['Query'], maxAge: 60, scope: 'U' }] };\nmodule.exports = config;`;
    const run = await importText('stellate.config.js', text, ANSWERS);
    expect(policyOf(run).providers?.idp?.keys).toEqual({
      secretStore: 'claimcache_secrets',
      item: 'idp_secret',
      format: 'raw',
    });
    const computed = await importText('stellate.config.js', text.replace('maxAge: 60', 'maxAge: minutes(1)'));
    expect(computed.stderr).toMatch(/rules\[0\]\.maxAge \(line 1\): seconds are expected/);
  });
});
