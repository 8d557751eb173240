import { describe, expect, test } from 'vitest';
import { definePolicy } from '../../../../src/policy/define.ts';
import { testEdge } from '../../../../src/testing/test-edge.ts';
import { person } from './session-policy.ts';

const URL_OF_IDP = 'https://id.test/introspect';
const SECRET = 'p%ss:w+rd é';
const ALICE = { active: true, sub: 'alice', client_id: 'web', aud: ['orders'] };

function policyWith(method: 'basic' | 'post' = 'basic') {
  return definePolicy({
    origins: { app: { backend: 'origin' } },
    providers: {
      opaque: {
        introspection: {
          backend: 'idp',
          url: URL_OF_IDP,
          client: { id: 'the edge', item: 'edge_client', method },
        },
        audience: 'orders',
        requiredClaims: { client_id: ['web', 'app'] },
      },
    },
    scopes: { user: { claims: 'sub' } },
    routes: { orders: { path: '/orders', scope: 'user', ttlSeconds: 300 } },
  });
}

async function ask(
  answer: () => Response,
  { method = 'basic', secret = SECRET }: { method?: 'basic' | 'post'; secret?: string } = {},
) {
  let form = '';
  const edge = await testEdge(policyWith(method), {
    secrets: { edge_client: secret },
    origin: async (request) => {
      if (request.url !== URL_OF_IDP)
        return new Response('orders', { headers: { 'cache-control': 'private, max-age=60' } });
      form = await request.text();
      return answer();
    },
  });
  const headers = { authorization: 'Bearer ab+c/d=1', cookie: 'other=1', 'accept-language': 'de' };
  const response = await edge.fetch('/orders', { headers });
  const asked = edge.originRequests.find(({ url }) => url === URL_OF_IDP);
  return { status: response.status, asked, form: new URLSearchParams(form), edge };
}

describe('introspection', () => {
  test('asks with the token in a form, and the client by Basic, form-encoded', async () => {
    const { status, asked, form } = await ask(person(ALICE));
    expect([status, asked?.method]).toEqual([200, 'POST']);
    expect([...form]).toEqual([
      ['token', 'ab+c/d=1'],
      ['token_type_hint', 'access_token'],
    ]);
    const basic = Buffer.from(asked?.headers.get('authorization')?.slice(6) ?? '', 'base64').toString();
    expect(basic).toBe('the+edge:p%25ss%3Aw%2Brd+%C3%A9');
    expect(asked?.headers.get('cookie')).toBeNull();
    expect(asked?.headers.get('accept-language')).toBeNull();
  });

  test('or with the client in the form', async () => {
    const { form, asked } = await ask(person(ALICE), { method: 'post' });
    expect(Object.fromEntries(form)).toMatchObject({ client_id: 'the edge', client_secret: SECRET });
    expect(asked?.headers.get('authorization')).toBeNull();
  });

  test.each([
    ['active: false', { active: false }, 401],
    ['another audience', { ...ALICE, aud: 'other' }, 401],
    ['another client', { ...ALICE, client_id: 'stranger' }, 401],
    ['one that is over', { ...ALICE, exp: 1 }, 401],
    ['no active', { sub: 'alice' }, 503],
    ['active as a text', { ...ALICE, active: 'true' }, 503],
  ])('%s: %#', async (_, claims, expected) => {
    expect((await ask(person(claims))).status).toBe(expected);
  });

  test.each([401, 403, 302, 204, 400, 500])(
    'a status of %i is no verdict: the set-up is wrong',
    async (status) => {
      expect((await ask(() => new Response(null, { status }))).status).toBe(503);
    },
  );

  test('without the secret of the client nobody is asked', async () => {
    const { status, asked, edge } = await ask(person(ALICE), { secret: ' ' });
    expect([status, asked]).toEqual([503, undefined]);
    expect(edge.logs.at(-1)?.cause).toContain('no secret edge_client');
  });
});

test('a session cookie may have a pattern for a name: it is asked about by the name that was sent', async () => {
  const edge = await testEdge(
    definePolicy({
      hosts: ['www.test'],
      origins: { app: { backend: 'origin' } },
      providers: { wp: { session: { cookie: 'wordpress_logged_in_*', backend: 'origin', path: '/whoami' } } },
      scopes: { user: { claims: 'sub' } },
      routes: { mine: { path: '/mine', scope: 'user' }, out: { path: '/out', lane: 'pass' } },
    }),
    {
      origin: ({ url, headers }) => {
        if (url.endsWith('/out'))
          return new Response('', { headers: { 'set-cookie': 'wordpress_logged_in_ab=; Max-Age=0' } });
        return headers.get('cookie') === 'wordpress_logged_in_ab=1'
          ? person({ sub: '7' })()
          : new Response(null, { status: 401 });
      },
    },
  );
  const status = async (cookie: string, path = '/mine') =>
    (await edge.fetch(path, { headers: { cookie } })).status;
  const asked = () => edge.originRequests.filter(({ url }) => url.endsWith('/whoami')).length;
  expect(await status('wordpress_logged_in_ab=1')).toBe(200);
  expect(await status('wordpress_logged_in_cd=1')).toBe(401);
  expect(await status('wordpress_logged_in_ab=1; wordpress_logged_in_cd=1')).toBe(401);
  expect(asked()).toBe(2);
  await status('wordpress_logged_in_ab=1', '/out');
  await status('wordpress_logged_in_ab=1');
  expect(asked()).toBe(3);
});
