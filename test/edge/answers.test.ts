import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { PEOPLE, type Person } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import { leaseEdgeBefore } from '../support/lease-edge.ts';
import type { RunningEdge } from '../support/start-edge.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { leaseShield } from './support/lease-shield.ts';
import { converse, type RawAnswer } from './support/raw-client.ts';
import { type RawOrigin, startRawOrigin } from './support/raw-origin.ts';
import type { RelayTap } from './support/relay-tap.ts';

// What origins and clients send that is no HTTP, or hardly: as bytes, on real connections.
const [alice] = PEOPLE as [Person];
const secrets = { shield_key: 'key-of-both-passes' };
let origin: RawOrigin;
let tap: RelayTap;
let shield: RunningEdge;
let edge: RunningEdge;
let token: string;
let operatorToken: string;

beforeAll(async () => {
  const wasm = await buildService({
    name: 'answers',
    policy: 'test/edge/policies/answers.ts',
    entry: 'test/edge/services/answers.ts',
  });
  ({ shield, origin, tap } = await leaseShield({ wasm, secrets }, startRawOrigin));
  edge = await leaseEdgeBefore({ origin: origin.url, shield: tap.url }, { wasm, secrets });
  token = await tokenOf(alice);
  ({ operatorToken } = await siteKeys());
});
beforeEach(() => origin.answer(() => WELL));
afterAll(async () => {
  await tap?.stop();
  await origin?.stop();
  await edge?.stop();
  await shield?.stop();
});

const answer = (status: string, headers: readonly string[], body = '') =>
  [`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n');
const WELL = answer('200 OK', ['Cache-Control: private, max-age=60', 'Content-Length: 4'], 'well');
const WELL_FOR_ALL = answer('200 OK', ['Cache-Control: max-age=60', 'Content-Length: 4'], 'well');
const LANES = [
  ['public', '/pub/a'],
  ['scoped', '/own/a'],
  ['pass', '/pass/a'],
  ['public by a shield', '/far/pub/a'],
  ['scoped by a shield', '/far/own/a'],
  ['pass by a shield', '/far/pass/a'],
] as const;
const whoOf = (path: string) => (path.includes('own') ? token : null);
const requestOf = (method: string, target: string, headers: readonly string[] = [], body = '') =>
  [
    `${method} ${target} HTTP/1.1`,
    `Host: ${new URL(edge.url).host}`,
    ...(whoOf(target) === null ? [] : [`Authorization: Bearer ${token}`]),
    ...headers,
    '',
    body,
  ].join('\r\n');

describe.each(LANES)('on the %s lane', (_lane, path) => {
  it.each(['600 Six', '999 Nine', '000 None', '099 Low', '42 Short', '101 Switching Protocols'])(
    'the status %s is a 502, and nothing is stored',
    async (status) => {
      const target = unseen(path);
      origin.answer(() => answer(status, ['Cache-Control: max-age=60', 'Content-Length: 2'], 'hi'));
      const failed = await ask(edge, whoOf(path), target);
      expect(failed).toMatchObject({ status: 502, cache: 'ERROR' });
      expect(failed.headers['content-type']).toBe('application/problem+json');
      origin.answer(() => WELL_FOR_ALL);
      const well = await ask(edge, whoOf(path), target);
      expect(well).toMatchObject({ status: 200, text: 'well' });
      expect(well.cache).not.toBe('HIT');
    },
  );

  it.each([
    ['204 No Content', ''],
    ['204 No Content', 'hi'],
    ['205 Reset Content', ''],
    ['205 Reset Content', 'hi'],
    ['304 Not Modified', ''],
  ])('%s with a length and the content %j leaves the connection in step', async (status, content) => {
    const target = unseen(path);
    origin.answer((head) =>
      head.includes('/pass/next')
        ? WELL
        : answer(status, ['Cache-Control: max-age=60', 'Content-Length: 2'], content),
    );
    const { answers, rest } = await converse(
      edge.url,
      requestOf('GET', target) + requestOf('GET', target) + requestOf('GET', '/pass/next'),
      ['GET', 'GET', 'GET'],
    );
    const code = Number(status.slice(0, 3));
    expect(answers.map((each) => [each.status, each.body])).toEqual([
      [code, ''],
      [code, ''],
      [200, 'well'],
    ]);
    for (const { headers } of answers.slice(0, 2)) expect(headers['content-length'] ?? '0').toBe('0');
    expect(rest).toBe('');
  });

  it('a HEAD leaves it in step, and tells the length of the GET', async () => {
    origin.answer((head) => (head.startsWith('HEAD') ? answer('200 OK', ['Content-Length: 4']) : WELL));
    const { answers, rest } = await converse(
      edge.url,
      requestOf('HEAD', unseen(path)) + requestOf('GET', '/pass/next'),
      ['HEAD', 'GET'],
    );
    expect(answers.map((each) => [each.status, each.headers['content-length'], each.body])).toEqual([
      [200, '4', ''],
      [200, '4', 'well'],
    ]);
    expect(rest).toBe('');
  });
});

describe('an answer that cannot be read as it was meant', () => {
  const keptTwice = async (bytes: string) => {
    const target = unseen('/kept/a');
    origin.answer(() => bytes);
    const first = await ask(edge, null, target);
    origin.answer(() => WELL_FOR_ALL);
    return [first, await ask(edge, null, target)] as const;
  };

  it.each([
    [
      'a field of 70,000 bytes, which would take its no-store with it',
      [`X-Long: ${'x'.repeat(70_000)}`],
      'hi',
    ],
    ['a long field that is looked at by its name', [`Content-Type: ${'x'.repeat(70_000)}`], 'hi'],
    ['a transfer coding that nobody takes off', ['Transfer-Encoding: gzip'], 'hi'],
  ])('with %s is a 502, and not stored by the ttl of the policy', async (_, headers, body) => {
    const [first, second] = await keptTwice(
      answer('200 OK', ['Cache-Control: no-store', 'Date: Thu, 01 Jan 2026 00:00:00 GMT', ...headers], body),
    );
    expect(first).toMatchObject({ status: 502, cache: 'ERROR' });
    expect(second).toMatchObject({ status: 200, text: 'well' });
  });

  it('is a stale copy where the route allows it', async () => {
    const target = unseen('/kept/a');
    origin.answer(() => answer('200 OK', ['Cache-Control: max-age=1', 'Content-Length: 3'], 'old'));
    await ask(edge, null, target);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    origin.answer(() => answer('600 Six', ['Content-Length: 0']));
    expect(await ask(edge, null, target)).toMatchObject({ status: 200, text: 'old', cache: 'STALE' });
  });

  it('a length that stands twice goes out once', async () => {
    origin.answer(() => answer('200 OK', ['Content-Length: 4', 'Content-Length: 4'], 'well'));
    for (const path of ['/pass/a', '/pub/a']) {
      const { answers, rest } = await converse(edge.url, requestOf('GET', unseen(path)));
      expect(answers).toMatchObject([{ status: 200, body: 'well' }]);
      expect(answers[0]?.headers['content-length'] ?? '4').toBe('4');
      expect(rest).toBe('');
    }
  });
});

describe('a number that is none', () => {
  it.each(['abc', '-5', '7200.0', '0, 7200'])(
    'Age: %s is ignored, and nobody is shown another',
    async (age) => {
      const target = unseen('/pub/a');
      origin.answer(() =>
        answer('200 OK', ['Cache-Control: max-age=60', `Age: ${age}`, 'Content-Length: 2'], 'hi'),
      );
      const [first, second] = [await ask(edge, null, target), await ask(edge, null, target)];
      expect(first).toMatchObject({ status: 200, cache: 'MISS' });
      expect(second).toMatchObject({ status: 200, cache: 'HIT' });
      for (const { headers } of [first, second]) expect(Number(headers.age)).toBeLessThan(10);
    },
  );

  it.each([
    ['CDN-Cache-Control: s-maxage=600'],
    ['Surrogate-Control: s-maxage=600'],
    ['CDN-Cache-Control: s-maxage=600, max-age=7'],
  ])('%s is the lifetime, beside a shorter max-age', async (field) => {
    origin.answer(() => answer('200 OK', ['Cache-Control: max-age=5', field, 'Content-Length: 2'], 'hi'));
    const { headers } = await ask(edge, null, unseen('/pub/a'));
    expect(headers['cache-status']).toBe('claimcache;fwd=uri-miss;stored;ttl=600');
  });

  it.each(['CDN-Cache-Control: private', 'Surrogate-Control: private'])('%s forbids', async (field) => {
    const target = unseen('/pub/a');
    origin.answer(() => answer('200 OK', ['Cache-Control: max-age=60', field, 'Content-Length: 2'], 'hi'));
    await ask(edge, null, target);
    expect((await ask(edge, null, target)).cache).not.toBe('HIT');
  });
});

describe('a client’s body', () => {
  const post = (target: string, chunks: readonly string[], more: readonly string[] = []) => {
    const credential = target.startsWith('/.edge/') ? operatorToken : token;
    return [
      [
        `POST ${target} HTTP/1.1`,
        `Host: ${new URL(edge.url).host}`,
        `Authorization: Bearer ${credential}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
        ...more,
        '',
        chunks[0] ?? '',
      ].join('\r\n'),
      ...chunks.slice(1),
    ];
  };
  const only = (answers: readonly RawAnswer[]) => answers[0]?.status;

  const WAITED_FOR = ['/graphql', '/read', '/.edge/purge'];
  it.each(['/pass/a', '/own/a', '/pub/a', '/far/pass/a', ...WAITED_FOR])(
    'with a broken chunk is a 400 on %s',
    async (target) => {
      for (const chunks of [['zz\r\n'], ['2\r\n{"\r\nzz\r\n'], ['-1\r\nabc'], ['1ffffffffffffffff\r\nabc']]) {
        const lines = await loggedBy(edge, async () => {
          const { answers } = await converse(edge.url, post(target, chunks), ['POST']);
          expect([chunks, only(answers)]).toEqual([chunks, 400]);
        });
        expect(lines.map(({ code }) => code)).toEqual(['ERR_REQUEST_MALFORMED']);
      }
    },
  );

  it('that is whole is not blamed for an origin that speaks no HTTP', async () => {
    origin.answer(() => 'garbage\r\n\r\n');
    for (const target of ['/pass/a', '/far/pass/a']) {
      const { answers } = await converse(edge.url, post(target, ['2\r\n{}\r\n0\r\n\r\n']), ['POST']);
      expect(only(answers)).toBe(502);
    }
  });

  it.each(WAITED_FOR)('that comes a byte at a time is a 408 on %s, after its whole time', async (target) => {
    const before = origin.requests.length;
    const bytes = Array.from({ length: 20 }, () => '1\r\n \r\n');
    const startedMs = Date.now();
    const { answers } = await converse(edge.url, post(target, ['', ...bytes]), ['POST'], { pauseMs: 400 });
    expect(only(answers)).toBe(408);
    expect(Date.now() - startedMs).toBeGreaterThan(2000);
    expect(Date.now() - startedMs).toBeLessThan(7000);
    expect(origin.requests.length).toBe(before);
  });

  it.each(WAITED_FOR)('with a chunk without end that does not come is a 408 on %s', async (target) => {
    const { answers } = await converse(edge.url, post(target, ['ffffffffffffffff\r\n{']), ['POST']);
    expect(only(answers)).toBe(408);
  });

  it('with a chunk without end is streamed to its origin, which has the time that every origin has', async () => {
    origin.answer(() => null);
    const { answers } = await converse(edge.url, post('/pass/a', ['ffffffffffffffff\r\n{']), ['POST']);
    expect(only(answers)).toBe(504);
  });
});

describe('own handlers', () => {
  it('private with a field name does not make an answer of one person anybody’s', async () => {
    const { headers } = await ask(edge, token, unseen('/own/half-private'));
    expect(headers['cache-control']).toBe('private, no-cache');
  });

  it.each(['/.edge/purge', '/%2eedge/purge', '/.EDGE', '/.edge;a/purge'])(
    'a rewrite to %s reaches no origin, and the log says why',
    async (to) => {
      const before = origin.requests.length;
      const [line] = await loggedBy(edge, async () => {
        expect((await ask(edge, null, `/rewritten?to=${encodeURIComponent(to)}`)).status).toBe(500);
      });
      expect(line?.cause).toContain('a rewrite cannot lead to /.edge/');
      expect(origin.requests.length).toBe(before);
    },
  );

  it('what is no response is a 500, not an empty 200', async () => {
    expect(await ask(edge, null, '/no-response')).toMatchObject({ status: 500, cache: 'ERROR' });
  });

  it.each([
    ['/wrong-length', 'hello'],
    ['/pass/wrong-length', 'well'],
  ])('a wrong length of theirs leaves the connection in step: %s', async (target, body) => {
    const request = requestOf('GET', target);
    const { answers, rest } = await converse(edge.url, request + request, ['GET', 'GET']);
    expect(answers.map((each) => each.body)).toEqual([body, body]);
    expect(rest).toBe('');
  });
});

describe('GraphQL that may be read in two ways', () => {
  const purges = async (target: string, options: Parameters<typeof ask>[3]) => {
    const page = unseen('/own/a');
    await ask(edge, token, page);
    expect((await ask(edge, token, page)).cache).toBe('HIT');
    await ask(edge, token, target, options);
    return (await ask(edge, token, page)).cache !== 'HIT';
  };
  const json = { 'content-type': 'application/json' };

  it.each([
    '{"query":"mutation{x}","query":"{y}"}',
    '{"query":"{y}","QUERY":"mutation{x}"}',
    '{"query":"{y}","operationName":"A","operationName":"B"}',
    '\ufeff{"query":"{y}"}',
  ])('is a write: %s', async (body) => {
    expect(await purges('/graphql', { method: 'POST', body, headers: json })).toBe(true);
  });

  it.each(['query={y}&query=mutation{x}', 'query={y}&Query=mutation{x}', 'query=mutation{x}&variables=['])(
    'is one by GET: %s',
    async (query) => {
      expect(await purges(`/graphql?${query}`, {})).toBe(true);
    },
  );

  it('and JSON as deep as a body may be ends no request', async () => {
    const deep = (open: string, close: string) => open.repeat(10_000) + close.repeat(10_000);
    for (const variables of [`{"a":${deep('[', ']')}}`, deep('{"a":', '}').replace(':}', ':1}')]) {
      const body = `{"query":"{y}","variables":${variables}}`;
      expect(await purges('/graphql', { method: 'POST', body, headers: json })).toBe(true);
    }
  });

  it('and what can be read in one way only asks', async () => {
    expect(await purges('/graphql', { method: 'POST', body: '{"query":"{y}"}', headers: json })).toBe(false);
    expect(await purges('/graphql?query={y}', {})).toBe(false);
  });
});

describe('a Host that no URL parser takes', () => {
  it.each(['x:99999', '256.256.256.256', 'xn--a', '[:]'])(
    '%s ends in the runtime: a bare 500 without a line in the log, and the next request is well',
    async (host) => {
      const lines = await loggedBy(edge, async () => {
        const request = `GET /pass/a HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
        const { answers } = await converse(edge.url, request);
        expect(answers).toMatchObject([{ status: 500, body: '', headers: { 'content-length': '0' } }]);
      });
      expect(lines).toEqual([]);
      expect(await ask(edge, null, '/pass/a')).toMatchObject({ status: 200, text: 'well' });
    },
  );
});
