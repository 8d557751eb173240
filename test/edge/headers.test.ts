import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import {
  cgiVariable,
  REQUEST_HEADER_NAMES,
  SPELLINGS,
  spelt,
  TRUSTED_VARIABLE,
} from '../support/request-header-names.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { type Echo, echo, page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

// What of a client's fields and cookies reaches an origin, and what of an origin's reaches a client.
const [alice] = PEOPLE as [Person, Person];
let stack: ScriptedStack;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack({ name: 'headers', policy: 'test/edge/policies/headers.ts' });
  token = await tokenOf(alice);
});
beforeEach(() => stack.origin.answer(echo));
afterAll(() => stack?.stop());

const asked = () => stack.origin.requests.at(-1);
/** As it stands, several fields of one name too, which no client of Node sends. */
async function sendRaw(lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(stack.edge.url);
  const socket = connect(Number(port), hostname);
  socket.write(`${[...lines, `Host: ${hostname}:${port}`, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

describe('names of request fields', () => {
  const batches = (names: readonly string[], size = 60) =>
    Array.from({ length: Math.ceil(names.length / size) }, (_, i) => names.slice(i * size, (i + 1) * size));

  it.each(SPELLINGS)('spelt with %s none reaches an origin as one that it trusts', async (spelling) => {
    let arrived = 0;
    const unfit = new Set([
      'set-cookie',
      'if-match',
      'if-none-match',
      'authorization',
      'content-length',
      'transfer-encoding',
      'upgrade',
      'http2-settings',
      // The policy lets it in.
      'x-forwarded-prefix',
    ]);
    const names = REQUEST_HEADER_NAMES.filter((name) => !unfit.has(name)).map((name) =>
      spelt(name, spelling),
    );
    for (const [i, batch] of batches(names).entries()) {
      const headers = Object.fromEntries(batch.map((name) => [name, 'by-a-client']));
      // In turns: a pass of anybody, a verified one, a preflight that is none, a write of who is verified.
      const [who, method, target] = (
        [
          [null, 'POST', '/login'],
          [token, 'GET', '/sensitive'],
          [null, 'OPTIONS', '/own/1'],
          [token, 'PUT', '/own/1'],
        ] as const
      )[i % 4] ?? [null, 'GET', '/live'];
      expect((await ask(stack.edge, who, target, { headers, method })).status, batch.join()).toBe(200);
      const found = Object.entries(asked()?.headers ?? {}).filter(([, value]) => value === 'by-a-client');
      arrived += found.length;
      expect(found.map(([name]) => cgiVariable(name)).filter((name) => TRUSTED_VARIABLE.test(name))).toEqual(
        [],
      );
    }
    // What has no `-` is spelt alike everywhere, and goes on.
    expect(arrived).toBeGreaterThan(spelling === '-' ? 700 : 50);
  });

  it('claims, locks and addresses are the edge’s alone, however a client spells them', async () => {
    const forged = {
      'x-claimcache.claims': '{"sub":"43"}',
      'x-user.id': '43',
      'x_user~id': '43',
      'x-origin!secret': 'x',
      'x-forwarded.for': '203.0.113.6',
    };
    for (const [method, target] of [
      ['GET', '/sensitive'],
      ['PUT', '/own/1'],
    ] as const) {
      await ask(stack.edge, token, target, { headers: forged, method });
      const headers = asked()?.headers ?? {};
      expect(Object.keys(headers).filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
      expect(headers['x-claimcache-claims']).toBe(`{"sub":"${alice.sub}"}`);
      expect(headers['x-user-id']).toBe(method === 'PUT' ? alice.sub : undefined);
      expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    }
  });

  it('another path, host or method is asked of no origin, on no lane and by no method', async () => {
    const headers = {
      'x-original-url': '/files/secret',
      'x-rewrite-url': '/files/secret',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
      'x-http-method-override': 'DELETE',
      'x-http-method': 'DELETE',
      'x-middleware-subrequest': 'middleware',
      proxy: 'http://evil.example',
    };
    const forged = 'e30.e30.e30';
    for (const [who, method, target] of [
      [token, 'GET', '/sensitive'],
      [forged, 'OPTIONS', '/own/1'],
      [token, 'POST', '/own/1'],
      [null, 'POST', '/login'],
      [null, 'GET', '/preview/x'],
      [null, 'GET', '/live'],
    ] as const) {
      await ask(stack.edge, who, target, { headers, method });
      expect(
        Object.entries(headers).filter(([name, value]) => asked()?.headers[name] === value),
        `${method} ${target}`,
      ).toEqual([]);
    }
  });

  it('what the policy allows goes on, what it drops does not', async () => {
    const headers = {
      'x-forwarded-prefix': '/app',
      api_key: 'k',
      'x-internal-role': 'admin',
      'x-requested-with': 'x',
    };
    const { headers: got } = (await ask(stack.edge, null, '/live', { headers })).json<Echo>();
    expect(got).toMatchObject({ 'x-forwarded-prefix': '/app', api_key: 'k', 'x-requested-with': 'x' });
    expect(got).not.toHaveProperty('x-internal-role');
  });
});

describe('cookies in several fields', () => {
  const split = (target: string, method = 'GET', more: readonly string[] = []) =>
    sendRaw([
      `${method} ${target} HTTP/1.1`,
      'Cookie: theme=dark',
      'Cookie: cms_session=1',
      'Cookie: note="a, b=c"',
      ...more,
    ]);

  it('are one list to the edge and to the origin: an editor is an editor', async () => {
    const text = await split('/page');
    expect(text).toContain('x-cache: BYPASS');
    expect(asked()?.headers.cookie).toBe('theme=dark; cms_session=1; note="a, b=c"');
  });

  it('so they are on a write, and beside a verified token', async () => {
    await split('/login', 'POST', ['Content-Length: 0']);
    expect(asked()?.headers.cookie).toBe('theme=dark; cms_session=1; note="a, b=c"');
    await split('/sensitive', 'GET', [`Authorization: Bearer ${token}`]);
    expect(asked()?.headers.cookie).toBe('theme=dark; cms_session=1; note="a, b=c"');
  });

  it('a credential in the second field is found, and another in each is refused', async () => {
    const target = unseen('/own/split');
    expect(await sendRaw([`GET ${target} HTTP/1.1`, 'Cookie: a=1', `Cookie: session=${token}`])).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(asked()?.headers.cookie).toBe(`session=${token}`);
    const twice = (other: string) =>
      sendRaw([`GET ${target} HTTP/1.1`, `Cookie: session=${token}`, `Cookie: session=${other}`]);
    const before = stack.origin.requests.length;
    expect(await twice('x')).toMatch(/^HTTP\/1\.1 401 /);
    expect(stack.origin.requests.length).toBe(before);
    // The same one twice is one.
    expect(await twice(token)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('other fields of one name stay what they are, or are refused where there may be one', async () => {
    const own = `GET ${unseen('/own/two')} HTTP/1.1`;
    const bearer = `Authorization: Bearer ${token}`;
    expect(await sendRaw([own, bearer, bearer])).toMatch(/^HTTP\/1\.1 401 /);
    expect(await sendRaw([own, bearer, 'Host: other.example'])).toMatch(/^HTTP\/1\.1 400 /);
    await sendRaw(['GET /live HTTP/1.1', 'Accept: text/html', 'Accept: text/plain;q=0.5']);
    expect(asked()?.headers.accept).toBe('text/html, text/plain;q=0.5');
  });
});

describe('a cookie that some read as the credential', () => {
  it.each(['session%00x', 'session[x]', 'session[', 'Session%2500', 'session%00[x]'])(
    '%s is withheld beside it',
    async (name) => {
      const headers = { cookie: `a=1; ${name}=other; session=${token}` };
      for (const target of ['/sensitive', unseen('/own/alike')]) {
        expect((await ask(stack.edge, null, target, { headers })).status).toBe(200);
        expect(asked()?.headers.cookie).toBe(
          target === '/sensitive' ? `a=1; session=${token}` : `session=${token}`,
        );
      }
    },
  );
});

describe('more than anybody sends', () => {
  it.each<[string, Record<string, string>]>([
    ['cookies', { cookie: 'a=;'.repeat(5400) }],
    ['cookies beside an editor’s', { cookie: `cms_sig=x;${'a=;'.repeat(5000)}` }],
    ['semicolons', { cookie: ';'.repeat(16_000) }],
    ['cookies in one value', { cookie: 'a=1, '.repeat(3000) }],
    ['names in Connection', { connection: 'a,'.repeat(8000) }],
    ['tags', { 'if-none-match': '"",'.repeat(5000) }],
  ])('%s: 431, on each lane, and no origin hears of it', async (_, headers) => {
    const before = stack.origin.requests.length;
    for (const [method, target] of [
      ['GET', '/page'],
      ['GET', '/own/1'],
      ['PUT', '/own/1'],
      ['POST', '/.edge/purge/me'],
    ] as const)
      expect((await ask(stack.edge, token, target, { headers, method })).status, target).toBe(431);
    expect(stack.origin.requests.length).toBe(before);
  });
});

describe('Set-Cookie from the cacheable lane', () => {
  const sets = (...lines: string[]) =>
    stack.origin.answer((_request, response) =>
      response
        .writeHead(200, { 'cache-control': 'max-age=60', 'content-type': 'text/plain', 'set-cookie': lines })
        .end('page'),
    );
  const cookie = 'PHPSESSID=mine; theme=dark';

  it.each([
    ['public', '/page', false],
    ['scoped', '/own/php', true],
  ])(
    '%s: one that answers a withheld cookie reaches nobody, is logged, and stores nothing',
    async (_, path, isScoped) => {
      sets('PHPSESSID=fresh; Path=/; HttpOnly', 'cart=1');
      const target = unseen(path);
      const who = isScoped ? token : null;
      const lines = await loggedBy(stack.edge, async () => {
        const answer = await ask(stack.edge, who, target, { headers: { cookie } });
        expect(asked()?.headers.cookie).toBeUndefined();
        expect(answer.headers['set-cookie']).toEqual(['cart=1']);
      });
      expect(lines).toMatchObject([{ state: 'MISS', detail: 'set-cookie', strippedCookies: ['PHPSESSID'] }]);
      expect(JSON.stringify(lines)).not.toContain('fresh');
      // Where it was the only one it is stored no more than before.
      sets('PHPSESSID=fresh');
      for (let i = 0; i < 2; i++)
        expect(await ask(stack.edge, who, target, { headers: { cookie } })).toMatchObject({ cache: 'MISS' });
      // Who has none gets one.
      expect((await ask(stack.edge, who, target)).headers['set-cookie']).toEqual(['PHPSESSID=fresh']);
    },
  );

  it('logging out works', async () => {
    const lines = ['PHPSESSID=; Max-Age=0; Path=/', 'theme=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT'];
    sets(...lines);
    const answer = await ask(stack.edge, null, unseen('/page'), { headers: { cookie } });
    expect(answer.headers['set-cookie']).toEqual(lines);
  });

  it('a credential and a part of the scope that the origin saw are renewed', async () => {
    const both = { cookie: `session=${token}; sid=1; other=1` };
    sets('session=new', 'sid=2', 'other=2');
    const answer = await ask(stack.edge, null, unseen('/visitor/1'), { headers: both });
    expect(asked()?.headers.cookie).toBe(`sid=1; session=${token}`);
    expect(answer.headers['set-cookie']).toEqual(['session=new', 'sid=2']);
  });

  it('stripSetCookies: those alone are taken out before it is stored, and nobody gets them', async () => {
    sets('XSRF-TOKEN=1; expires=Fri, 01 Jan 2100 00:00:00 GMT', 'laravel_session=secret; HttpOnly');
    const target = unseen('/framework/1');
    const lines = await loggedBy(stack.edge, async () => {
      for (const state of ['MISS', 'HIT']) {
        const answer = await ask(stack.edge, token, target);
        expect([answer.cache, answer.headers['set-cookie']]).toEqual([state, undefined]);
      }
    });
    expect(lines).toMatchObject([
      { detail: 'stored', strippedCookies: ['XSRF-TOKEN', 'laravel_session'] },
      {},
    ]);
    const other = unseen('/framework/1');
    sets('XSRF-TOKEN=1', 'login=1');
    for (let i = 0; i < 2; i++) {
      const answer = await ask(stack.edge, token, other);
      expect([answer.cache, answer.headers['set-cookie']]).toEqual(['MISS', ['login=1']]);
    }
  });
});

describe('what speaks to caches', () => {
  const SPOKEN = {
    'x-accel-expires': '600',
    'x-accel-redirect': '/inside',
    'akamai-cache-control': 'max-age=600',
    'cloudflare-cdn-cache-control': 'max-age=600',
    'x-litespeed-cache-control': 'public, max-age=600',
    'edge-control': 'max-age=600',
    'cache-tag': 'user-42',
    'x-sendfile': '/etc/passwd',
  };

  it.each(['/own/spoken', '/page', '/sensitive', '/live'])(
    '%s: no client hears of it but in Cache-Control',
    async (path) => {
      stack.origin.answer(
        page({
          'cache-control': 'private, max-age=60',
          etag: '"1"',
          expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
          ...SPOKEN,
        }),
      );
      const target = unseen(path);
      for (let i = 0; i < 2; i++) {
        const { headers } = await ask(
          stack.edge,
          path === '/page' || path === '/live' ? null : token,
          target,
        );
        expect(Object.keys(headers).filter((name) => name in SPOKEN)).toEqual([]);
        expect(headers.etag).toBe('"1"');
        if (path !== '/page') expect(headers.expires).toBeUndefined();
      }
    },
  );
});
