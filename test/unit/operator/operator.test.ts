import { describe, expect, it } from 'vitest';
import { EdgeError } from '../../../src/errors.ts';
import { surrogateKey } from '../../../src/keys/surrogate-key.ts';
import type { ExplainQuestion } from '../../../src/operator/explain-question.ts';
import { answerOperator } from '../../../src/operator/operator.ts';
import { readPurgeRequest } from '../../../src/operator/purge.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { wholeClientBody } from '../../../src/request/client-body.ts';
import { POLICY } from '../support/pipeline.ts';

const TOKEN = 'another-token';
const policy = compilePolicy({ ...POLICY, revocation: { scopes: ['user'] } });

function service({ token = TOKEN as string | null, kvDown = false } = {}) {
  const log: string[] = [];
  const asked: ExplainQuestion[] = [];
  const platform = {
    nowMs: () => 1_700_000_000_000,
    secret: async () => token,
    purge: (key: string, soft: boolean) => void log.push(`${soft ? 'soft' : 'hard'} ${key}`),
    writeKv: async (store: string, key: string, _value: string, ttlSeconds: number) => {
      if (kvDown) throw new Error('down');
      log.push(`write ${store} ${key} ${ttlSeconds}`);
    },
  } as Partial<Platform> as Platform;
  const tools = {
    explain: async (question: ExplainQuestion) => void asked.push(question) as unknown as object,
    status: async () => ({ v: 1 }),
  };
  async function ask(path: string, body: unknown, { method = 'POST', credential = `Bearer ${TOKEN}` } = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(
      `http://www.test${path}`,
      method === 'GET'
        ? { headers: { authorization: credential } }
        : { method, headers: { authorization: credential }, body: text },
    );
    try {
      const { response } = await answerOperator(request, path, request.headers, policy, platform, {
        ...tools,
        async readBody(limitBytes) {
          const timeouts = { betweenBytesTimeoutMs: 1000, leftMs: () => 1000 };
          const stream = request.body as ReadableStream<Uint8Array> | null;
          const bytes = await wholeClientBody(stream, request.headers, limitBytes, timeouts);
          return new TextDecoder().decode(bytes);
        },
      });
      return response.status;
    } catch (error) {
      if (error instanceof EdgeError) return error.code;
      throw error;
    }
  }
  return { ask, log, asked };
}

// A Bearer token has no spaces.
const SPACELESS = 'operator-of-the-test';

describe('the operator endpoints', () => {
  const open = () => service({ token: SPACELESS });
  const credential = `Bearer ${SPACELESS}`;

  it('purge by value, values, route and key', async () => {
    const { ask, log } = open();
    for (const body of [
      { scope: 'user', value: '42' },
      { scope: 'user', value: 42, soft: true },
      { route: 'orders' },
      { keys: ['a', 'b'] },
    ]) {
      expect(await ask('/.edge/purge', body, { credential })).toBe(200);
    }
    expect(await ask('/.edge/purge', { scope: 'team', values: ['acme', 'member'] }, { credential })).toBe(
      200,
    );
    expect(log).toEqual([
      'hard user:42',
      'soft user:42',
      'hard route:orders',
      'hard a',
      'hard b',
      expect.stringMatching(/^hard team:~[\w-]{43}$/),
    ]);
  });

  it('purge an entity: its answers, and those that do not say which they hold', () => {
    const of = (entities: Record<string, string>) =>
      compilePolicy({
        ...POLICY,
        routes: { ...POLICY.routes, todos: { path: '/todos', lane: 'public', graphql: { entities } } },
      });
    const keysOf = (body: object, by = of({ Todo: 'id', Page: 'slug' })) =>
      readPurgeRequest(JSON.stringify(body), by);
    expect(keysOf({ type: 'Todo', id: '42' })).toEqual({
      keys: ['type:Todo:42', 'type:Todo:~'],
      soft: false,
      dryRun: false,
    });
    expect(keysOf({ type: 'Page', id: 7, soft: true })).toEqual({
      keys: ['type:Page:7', 'type:Page:~'],
      soft: true,
      dryRun: false,
    });
    const forged = keysOf({ type: 'Todo', id: '42 user:bob' }).keys;
    expect(forged).toEqual([expect.stringMatching(/^type:Todo:~[\w-]{43}$/), 'type:Todo:~']);
    for (const body of [
      { type: 'Tod', id: '1' },
      { type: 'user', id: '42' },
      { type: 'Todo' },
      { type: 'Todo', id: 1.5 },
    ])
      expect(() => keysOf(body)).toThrow(expect.objectContaining({ code: 'ERR_REQUEST_MALFORMED' }));
    expect(() => keysOf({ type: 'Todo', id: '1' }, policy)).toThrow();
  });

  it('a dry run says which keys it would be, and purges nothing', async () => {
    const policy = compilePolicy(POLICY);
    for (const order of [{ scope: 'user', value: '42' }, { route: 'orders' }, { keys: ['a', 'b'] }]) {
      const { ask, log } = open();
      expect(await ask('/.edge/purge', { ...order, dryRun: true }, { credential })).toBe(200);
      expect(log).toEqual([]);
      const { keys } = readPurgeRequest(JSON.stringify({ ...order, dryRun: true }), policy);
      expect(keys).toEqual(readPurgeRequest(JSON.stringify(order), policy).keys);
    }
    const { ask } = open();
    const odd = { keys: ['a'], dryRun: 'yes' };
    expect(await ask('/.edge/purge', odd, { credential })).toBe('ERR_REQUEST_MALFORMED');
  });

  it('purge by the claims of a scope alone, or by its parts too', async () => {
    const more = {
      local: { claims: ['sub', 'tenant'], parts: [{ device: true }] as const },
      solo: { claims: 'sub', parts: [{ device: true }] as const },
    };
    const ours = compilePolicy({ ...POLICY, scopes: { ...POLICY.scopes, ...more } });
    const keysOf = (order: object) => readPurgeRequest(JSON.stringify(order), ours).keys;
    expect(keysOf({ scope: 'solo', value: '42' })).toEqual(['solo:42']);
    expect(keysOf({ scope: 'solo', values: ['42', 'mobile'] })).toEqual([
      surrogateKey('solo', ['42', 'mobile']),
    ]);
    expect(keysOf({ scope: 'local', values: ['42', 'acme'] })).toEqual([
      surrogateKey('local', ['42', 'acme']),
    ]);
    expect(keysOf({ scope: 'local', values: ['42', 'acme', 'mobile'] })).toEqual([
      surrogateKey('local', ['42', 'acme', 'mobile']),
    ]);
    expect(() => keysOf({ scope: 'local', value: '42' })).toThrow();
    expect(() => keysOf({ scope: 'solo', values: ['42', 'mobile', 'x'] })).toThrow();
  });

  it.each([
    '{',
    '[]',
    'null',
    {},
    { scope: 'nobody', value: 'x' },
    { scope: 'team', value: 'acme' },
    { scope: 'user', value: { a: 1 } },
    { keys: [] },
    { keys: ['a b'] },
    { keys: Array(257).fill('a') },
    { route: 'nothing' },
    { type: 'Todo', id: '1' },
    { scope: 'user', value: 'x', extra: 1 },
  ])('%j is malformed, and purges nothing', async (body) => {
    const { ask, log } = open();
    expect(await ask('/.edge/purge', body, { credential })).toBe('ERR_REQUEST_MALFORMED');
    expect(log).toEqual([]);
  });

  it.each(['', 'Bearer', 'Bearer wrong', `Basic ${SPACELESS}`, SPACELESS, `Bearer ${SPACELESS}x`])(
    'the credential %j is refused',
    async (wrong) => {
      const { ask, log } = open();
      expect(await ask('/.edge/purge', { keys: ['a'] }, { credential: wrong })).toBe('ERR_OPERATOR_REQUIRED');
      expect(log).toEqual([]);
    },
  );

  it.each([null, '', '  ', 'of-15-letters-x'])(
    'with the secret %j they are off, whatever is sent',
    async (token) => {
      const { ask } = service({ token });
      for (const wrong of ['Bearer ', 'Bearer null', 'Bearer undefined', '', `Bearer ${token}`]) {
        expect(await ask('/.edge/purge', { keys: ['a'] }, { credential: wrong })).toBe('ERR_NOT_FOUND');
      }
    },
  );

  it('other paths and methods', async () => {
    const { ask } = open();
    expect(await ask('/.edge/constructor', {}, { credential })).toBe('ERR_NOT_FOUND');
    expect(await ask('/.edge/', {}, { credential })).toBe('ERR_NOT_FOUND');
    expect(await ask('/.edge/purge', '', { credential, method: 'GET' })).toBe('ERR_METHOD_REFUSED');
    expect(await ask('/.edge/purge', 'x'.repeat(70_000), { credential })).toBe('ERR_BODY_TOO_LARGE');
    expect(await ask('/.edge/health', '', { credential: '', method: 'GET' })).toBe(200);
  });

  it('a revocation is written first, then purged; where the store is down nothing is', async () => {
    const up = open();
    expect(await up.ask('/.edge/revoke', { scope: 'user', value: '42' }, { credential })).toBe(200);
    expect(up.log).toEqual(['write claimcache_revocations revoked/user:42 86400', 'hard user:42']);
    const down = service({ token: SPACELESS, kvDown: true });
    expect(await down.ask('/.edge/revoke', { scope: 'user', value: '42' }, { credential })).toBe(
      'ERR_REVOCATION_UNAVAILABLE',
    );
    expect(down.log).toEqual([]);
    expect(await up.ask('/.edge/revoke', { scope: 'team', value: 'x' }, { credential })).toBe(
      'ERR_REQUEST_MALFORMED',
    );
  });

  it('explain reads a path or a URL, headers of one or several values, and a response', async () => {
    const { ask, asked } = open();
    const body = {
      path: '/api/orders?a=1',
      method: 'PUT',
      headers: { cookie: ['a=1', 'b=2'], host: 'shop.test' },
      clientAddress: '192.0.2.7',
      status: 404,
      responseHeaders: { 'cache-control': 'max-age=1' },
      showValues: true,
    };
    expect(await ask('/.edge/explain', body, { credential })).toBe(200);
    expect(asked[0]).toMatchObject({
      method: 'PUT',
      url: 'https://shop.test/api/orders?a=1',
      showValues: true,
    });
    expect(asked[0]?.response?.status).toBe(404);
    expect(asked[0]?.response?.headers.get('cache-control')).toBe('max-age=1');
    await ask('/.edge/explain', { path: 'http://www.test/a/../b', status: 500 }, { credential });
    expect(asked[1]).toMatchObject({
      method: 'GET',
      url: 'http://www.test/a/../b',
      response: { status: 500 },
      showValues: false,
    });
    await ask('/.edge/explain', { path: '/' }, { credential });
    expect(asked[2]).toMatchObject({ response: null, clientAddress: null });
    for (const clientAddress of ['2001:db8::1', '::ffff:192.0.2.1', '::', '255.10.0.9']) {
      expect(await ask('/.edge/explain', { path: '/', clientAddress }, { credential })).toBe(200);
      expect(asked.at(-1)).toMatchObject({ clientAddress });
    }
  });

  it.each([
    {},
    { path: 'api/orders' },
    { path: 'ftp://www.test/' },
    { path: 'https:///x' },
    { path: '/', headers: { 'a b': 'c' } },
    { path: '/', headers: { a: 'x\r\ny: z' } },
    { path: '/', headers: { a: 1 } },
    { path: '/', responseHeaders: { ä: '1' } },
    { path: '/', status: 99 },
    { path: '/', status: '200' },
    { path: '/', clientAddress: 'somewhere' },
    { path: '/', clientAddress: '192.0.2' },
    { path: '/', clientAddress: '192.0.2.256' },
    { path: '/', clientAddress: '192.0.2.01' },
    { path: '/', clientAddress: '192.0.2.1.' },
    { path: '/', clientAddress: '2001:db8::1::2' },
    { path: '/', clientAddress: '::1]:80/?[:' },
    { path: '/', body: 1 },
    { path: '/', showValues: 'yes' },
    { path: '/', more: 1 },
  ])('nothing is explained of %j', async (body) => {
    const { ask, asked } = open();
    expect(await ask('/.edge/explain', body, { credential })).toBe('ERR_REQUEST_MALFORMED');
    expect(asked).toEqual([]);
  });

  it('explain and status are the operator’s alone, each by its method', async () => {
    const { ask, asked } = open();
    for (const path of ['/.edge/explain', '/.edge/status']) {
      for (const method of ['GET', 'POST']) {
        expect(await ask(path, { path: '/' }, { credential: 'Bearer wrong', method })).toBe(
          'ERR_OPERATOR_REQUIRED',
        );
      }
    }
    expect(asked).toEqual([]);
    expect(await ask('/.edge/status', '', { credential, method: 'GET' })).toBe(200);
    expect(await ask('/.edge/status', '{}', { credential })).toBe('ERR_METHOD_REFUSED');
    expect(await ask('/.edge/explain', '', { credential, method: 'GET' })).toBe('ERR_METHOD_REFUSED');
  });
});
