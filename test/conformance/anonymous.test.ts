import { expect, inject, it } from 'vitest';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { access, expectOriginRequests } from './support/origin.ts';
import { renderOf } from './support/pages.ts';
import { alice, logIn } from './support/people.ts';

type Echo = { readonly headers: Readonly<Record<string, string>> };

it.each(['/', '/pages/welcome', '/lab/cacheable'])('%s is one entry for everybody', async (path) => {
  const target = unseen(path);
  const first = await edge(target);
  expect(first.status).toBe(200);
  expect(first.cache).toBe('MISS');
  const second = await expectOriginRequests(0, () => edge(target));
  expect(second.cache).toBe('HIT');
  expect(second.text).toBe(first.text);
});

it('an asset is one entry whatever its query', async () => {
  const path = unseen('/assets/app.js').replace('?unseen=', '-');
  const first = await edge(`${path}?v=1`);
  const second = await expectOriginRequests(0, () => edge(`${path}?v=2`));
  expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
  expect(second.text).toBe(first.text);
});

it('anonymous requests with different cookies share one entry, and the origin sees no cookie', async () => {
  const target = unseen('/lab/headers');
  const cookies = [
    undefined,
    'theme=dark',
    'tracking=1; consent=yes',
    // Credentials of other routes are none here.
    `session=${await logIn(alice)}`,
    'not even a cookie',
  ];
  const answers = await expectOriginRequests(1, async () => {
    const all = [];
    for (const cookie of cookies) all.push(await edge(target, cookie ? { headers: { cookie } } : {}));
    return all;
  });
  expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'HIT', 'HIT', 'HIT', 'HIT']);
  for (const answer of answers) expect(answer.json<Echo>().headers).not.toHaveProperty('cookie');
});

it('the origin sees no cookie when the first request has one', async () => {
  const answer = await edge(unseen('/lab/headers'), { headers: { cookie: 'theme=dark' } });
  expect(answer.cache).toBe('MISS');
  expect(answer.json<Echo>().headers).not.toHaveProperty('cookie');
});

it('a request header that is not part of the key does not reach the origin', async () => {
  const odd = {
    accept: 'application/vnd.odd+json',
    'accept-language': 'tlh',
    'user-agent': 'odd/1.0',
    referer: 'https://odd.example/',
    origin: 'https://odd.example',
    'x-forwarded-host': 'odd.example',
    'x-forwarded-proto': 'odd',
    'x-original-url': '/odd',
    'x-rewrite-url': '/odd',
    'x-http-method-override': 'DELETE',
    forwarded: 'host=odd.example',
    'cache-control': 'no-cache',
    'if-none-match': '"odd"',
    range: 'bytes=0-1',
    'x-odd': 'odd',
  };
  for (const [path, token] of [
    ['/lab/headers', null],
    ['/api/lab/headers', await logIn(alice)],
  ] as const) {
    const target = unseen(path);
    const headers = token === null ? odd : { ...odd, authorization: `Bearer ${token}` };
    const { range: _, ...rest } = headers;
    const first = await edge(target, { headers: rest });
    expect(first.cache).toBe('MISS');
    const seen = first.json<Echo>().headers;
    for (const name of Object.keys(odd)) {
      expect(seen[name] ?? '', name).not.toMatch(/odd|DELETE|no-cache|tlh|bytes/);
    }
    // What it is told of the URL is the edge's word.
    const { host, protocol } = new URL(inject('edgeUrl'));
    const scheme = protocol.slice(0, -1);
    expect(seen).toMatchObject({
      'x-forwarded-host': host,
      'x-forwarded-proto': scheme,
      forwarded: `host="${host}";proto=${scheme}`,
    });
  }
});

it('an anonymous write keeps its cookies and is never answered from the cache', async () => {
  const cookie = 'csrf=1; theme=dark';
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await expectOriginRequests(1, () =>
      edge('/echo', { method, headers: { cookie, 'content-type': 'application/json' }, body: '{}' }),
    );
    expect(answer.status).toBe(200);
    expect(answer.cache).toBe('BYPASS');
    expect(answer.json<Echo>().headers.cookie, method).toBe(cookie);
  }
});

it('a login through the edge reaches the origin and gives a token that works', async () => {
  const answer = await edge('/login', {
    method: 'POST',
    headers: { ...access(), 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'alice' }),
  });
  expect(answer.status).toBe(200);
  expect(answer.cache).toBe('BYPASS');
  expect((await edgeAs(answer.json<{ token: string }>().token, unseen('/api/orders'))).status).toBe(200);
});

it('Authorization on a path without a route passes, and leaves nothing behind', async () => {
  const target = unseen('/lab/headers');
  const token = await logIn(alice);
  for (const authorization of [`Bearer ${token}`, 'Basic YWxpY2U6c2VjcmV0']) {
    const answer = await edge(target, { headers: { authorization } });
    expect(answer.cache).toBe('BYPASS');
    expect(answer.headers['x-auth-route']).toBe('true');
    expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
    expect(answer.json<Echo>().headers.authorization).toBe(authorization);
  }
  const anonymous = await edge(target);
  expect(anonymous.cache).toBe('MISS');
  expect(anonymous.json<Echo>().headers).not.toHaveProperty('authorization');
});

it.each(['no-store', 'set-cookie', 'no-freshness', 'error-500'])(
  'a public response in the way of %s is never stored',
  async (mode) => {
    const target = unseen(`/lab/${mode}`);
    const [first, second] = await expectOriginRequests(2, async () => [
      await edge(target),
      await edge(target),
    ]);
    expect([first?.cache, second?.cache]).toEqual(['MISS', 'MISS']);
    expect(renderOf(first as typeof first & object)).not.toBe(renderOf(second as typeof second & object));
  },
);
