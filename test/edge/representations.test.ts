import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import zlib from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import type { Answer } from '../support/send.ts';
import { testEngine } from '../support/test-engine.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { gate } from './support/gate.ts';
import { converse } from './support/raw-client.ts';
import { page } from './support/scripted-origin.ts';
import { REPRESENTATIONS, type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

const [alice, bob] = PEOPLE as [Person, Person];
const CHROME = 'gzip, deflate, br, zstd';
const TEXT = `<!doctype html><html><body>${'<p>One of many paragraphs.</p>'.repeat(4000)}</body></html>`;
const isReadthrough = testEngine() === 'readthrough';
let stack: ScriptedStack;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack(REPRESENTATIONS);
  token = await tokenOf(alice);
});
beforeEach(() => stack.origin.answer(page({ 'cache-control': 'public, max-age=300' })));
afterAll(() => stack?.stop());

const asked = () => stack.origin.requests.at(-1) as IncomingMessage;
const count = () => stack.origin.requests.length;
const get = (target: string, encoding: string | null, headers: Record<string, string> = {}) =>
  ask(stack.edge, target.startsWith('/mine') || target.startsWith('/squeezed') ? token : null, target, {
    headers: { ...(encoding === null ? {} : { 'accept-encoding': encoding }), ...headers },
  });

const PACK: Readonly<Record<string, (text: string) => Buffer>> = {
  br: (text) => zlib.brotliCompressSync(text),
  gzip: (text) => zlib.gzipSync(text),
  deflate: (text) => zlib.deflateSync(text),
};
/** An origin that knows these codings, and takes the first of them that it is asked for. */
const packs =
  (codings: readonly string[], text = TEXT, more: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    const wanted = String(request.headers['accept-encoding']).split(', ');
    const coding = codings.find((name) => wanted.includes(name));
    const body = PACK[coding ?? '']?.(text) ?? Buffer.from(text);
    response
      .writeHead(200, {
        'cache-control': 'max-age=300',
        'content-type': 'text/html',
        'content-length': body.length,
        etag: `"v1-${coding ?? 'plain'}"`,
        vary: 'Accept-Encoding',
        ...(coding === undefined ? {} : { 'content-encoding': coding }),
        ...more,
      })
      .end(body);
  };
/** An origin that sends one coding to everybody. */
const always =
  (coding: string, body: Buffer): RequestListener =>
  (_request, response) =>
    response
      .writeHead(200, {
        'cache-control': 'max-age=300',
        'content-type': 'text/html',
        'content-length': body.length,
        etag: '"packed"',
        'content-encoding': coding,
      })
      .end(body);

function unpacked({ headers, bytes }: Answer): string {
  const coding = headers['content-encoding'];
  if (coding === undefined) return bytes.toString();
  return (coding === 'br' ? zlib.brotliDecompressSync(bytes) : zlib.gunzipSync(bytes)).toString();
}

describe('the encoding that an origin is asked for', () => {
  it.each([
    [CHROME, 'br, gzip'],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['zstd', 'zstd'],
    ['*', 'br, gzip'],
    ['br;q=0.2, gzip;q=0.9', 'gzip'],
    ['gzip;q=0, identity', 'identity'],
    [null, 'identity'],
  ])('%s: %s, on public and scoped pages', async (field, wanted) => {
    for (const path of ['/page', '/mine/page']) {
      await get(unseen(path), field);
      expect(asked().headers['accept-encoding']).toBe(wanted);
    }
  });

  it.each(['/page', '/mine/page'])(
    '%s of an origin that knows gzip alone comes as gzip, stored and from the cache',
    async (path) => {
      stack.origin.answer(packs(['gzip']));
      const target = unseen(path);
      for (const cache of ['MISS', 'HIT']) {
        const answer = await get(target, CHROME);
        expect(answer).toMatchObject({ status: 200, cache });
        expect(answer.headers['content-encoding']).toBe('gzip');
        expect(answer.bytes.length).toBeLessThan(5000);
        expect(unpacked(answer)).toBe(TEXT);
      }
    },
  );

  it('a client that does not take br gets gzip, though br was stored first, and one that takes neither gets plain text', async () => {
    stack.origin.answer(packs(['br', 'gzip']));
    const target = unseen('/page');
    for (const [field, coding] of [
      [CHROME, 'br'],
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['identity', undefined],
      [null, undefined],
      ['gzip, deflate, br', 'br'],
    ] as const) {
      const answer = await get(target, field);
      expect(answer.headers['content-encoding']).toBe(coding);
      expect(unpacked(answer)).toBe(TEXT);
    }
    for (const field of [CHROME, 'gzip', 'br', 'identity', null, '*'])
      expect((await get(target, field)).cache).toBe('HIT');
  });
});

describe('an origin that does not heed what it is asked for', () => {
  it.each(['gzip', 'deflate', 'x-gzip'])(
    'its %s is decoded for whom it is not for, and its validator weakened',
    async (coding) => {
      const target = unseen('/page');
      stack.origin.answer(
        always(coding, coding === 'deflate' ? zlib.deflateSync(TEXT) : zlib.gzipSync(TEXT)),
      );
      for (const field of ['identity', null, 'br', 'gzip;q=0, deflate;q=0']) {
        for (let i = 0; i < 2; i++) {
          const answer = await get(target, field);
          expect(answer.status).toBe(200);
          expect(answer.headers['content-encoding']).toBeUndefined();
          expect(answer.text).toBe(TEXT);
          expect(answer.headers.etag).toBe('W/"packed"');
          expect(answer.headers.vary).toMatch(/accept-encoding/i);
        }
      }
      expect((await get(target, 'identity', { 'if-none-match': 'W/"packed"' })).status).toBe(304);
      expect((await get(target, 'identity', { 'if-match': '"packed"' })).status).toBe(412);
      const part = await get(target, 'identity', { range: 'bytes=0-3' });
      expect([part.status, part.text]).toEqual([200, TEXT]);
      const head = await ask(stack.edge, null, target, {
        method: 'HEAD',
        headers: { 'accept-encoding': 'identity' },
      });
      expect(head.headers['content-encoding']).toBeUndefined();
      expect(head.headers['content-length']).toBeUndefined();
    },
  );

  it('its gzip of a large page is decoded on its way', async () => {
    const large = zlib.gzipSync(randomBytes(300_000).toString('hex'));
    stack.origin.answer(always('gzip', large));
    const target = unseen('/page');
    for (const cache of ['MISS', 'HIT']) {
      const answer = await get(target, 'identity');
      expect(answer).toMatchObject({ status: 200, cache });
      expect(answer.text).toBe(zlib.gunzipSync(large).toString());
    }
  });

  it('its br goes to nobody who does not take it: 406, from the cache too', async () => {
    const target = unseen('/page');
    stack.origin.answer(always('br', zlib.brotliCompressSync(TEXT)));
    for (let i = 0; i < 2; i++) {
      const answer = await get(target, 'gzip');
      expect(answer).toMatchObject({ status: 406, cache: 'ERROR' });
      expect(answer.json<{ title: string }>().title).toBe('Not acceptable');
      expect(answer.headers['content-encoding']).toBeUndefined();
    }
    expect((await get(target, CHROME)).headers['content-encoding']).toBe('br');
    // Who sends no such field takes any (RFC 9110 section 12.5.3).
    expect((await get(target, null)).headers['content-encoding']).toBe('br');
  });

  it('what is no gzip, though it says so, is the origin’s failure', async () => {
    stack.origin.answer(always('gzip', Buffer.from('no gzip')));
    expect((await get(unseen('/page'), 'identity')).status).toBe(502);
  });

  it('who refuses what is not encoded gets it encoded where the route allows that, else 406', async () => {
    stack.origin.answer(packs([]));
    for (const path of ['/page', '/squeezed/page']) {
      const answer = await get(unseen(path), 'gzip, identity;q=0');
      expect(answer.headers['content-encoding']).toBe('gzip');
      expect(answer.headers.etag).toBe('W/"v1-plain"');
      expect(unpacked(answer)).toBe(TEXT);
    }
    for (const [path, field] of [
      ['/mine/page', 'gzip, identity;q=0'],
      ['/plain/page', 'gzip, *;q=0'],
      ['/page', 'compress, identity;q=0'],
    ] as const)
      expect((await get(unseen(path), field)).status).toBe(406);
  });
});

describe('compression on the way out', () => {
  const hinted = async (path: string, field: string | null, headers: Record<string, string> = {}) => {
    const target = unseen(path);
    const answers = [await get(target, field, headers), await get(target, field, headers)];
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'HIT']);
    return new Set(answers.map((answer) => answer.headers['x-compress-hint']));
  };

  it('is asked of the platform for public text that nobody has encoded, and of scoped pages where the route says so', async () => {
    stack.origin.answer(packs([], TEXT, { 'cache-control': 'public, max-age=300' }));
    expect(await hinted('/page', CHROME)).toEqual(new Set(['on']));
    expect(await hinted('/squeezed/page', 'gzip')).toEqual(new Set(['on']));
    for (const path of ['/mine/page', '/plain/page'])
      expect(await hinted(path, CHROME)).toEqual(new Set([undefined]));
    for (const field of [null, 'identity', 'deflate'])
      expect(await hinted('/page', field)).toEqual(new Set([undefined]));
  });

  it.each([
    ['a short text', packs([], 'short')],
    ['an image', packs([], TEXT, { 'content-type': 'image/png' })],
    ['what must not be transformed', packs([], TEXT, { 'cache-control': 'max-age=300, no-transform' })],
    ['what is encoded already', packs(['br'])],
  ])('is not asked for %s', async (_, origin) => {
    stack.origin.answer(origin);
    expect(await hinted('/page', CHROME)).toEqual(new Set([undefined]));
  });

  it('is not asked for what was not stored: it may have been meant for one person', async () => {
    stack.origin.answer(packs([], TEXT, { 'cache-control': 'private, max-age=300' }));
    expect((await get(unseen('/page'), CHROME)).headers['x-compress-hint']).toBeUndefined();
  });

  it('weakens the validator, and conditional requests go on to hold', async () => {
    stack.origin.answer(packs([]));
    const target = unseen('/page');
    const first = await get(target, CHROME);
    expect(first.headers.etag).toBe('W/"v1-plain"');
    expect((await get(target, CHROME, { 'if-none-match': String(first.headers.etag) })).status).toBe(304);
    // A part is of the plain text, under its own validator.
    const part = await get(target, CHROME, { range: 'bytes=0-4' });
    expect([part.status, part.text, part.headers.etag]).toEqual([206, '<!doc', '"v1-plain"']);
    const resumed = await get(target, CHROME, { range: 'bytes=0-4', 'if-range': String(first.headers.etag) });
    expect(resumed.status).toBe(200);
  });
});

describe('Vary on what the origin could not see', () => {
  const varies = (vary: string, control = 'public, max-age=300'): RequestListener => {
    let n = 0;
    return (request, response) => {
      n += 1;
      const body = JSON.stringify({
        n,
        inertia: request.headers['x-inertia'] ?? null,
        language: request.headers['accept-language'] ?? null,
      });
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'cache-control': control,
          vary,
          'content-length': body.length,
        })
        .end(body);
    };
  };
  type Seen = { n: number; inertia: string | null; language: string | null };

  it.each(['/page', '/mine/page'])(
    '%s: who sends the field gets the answer to their own request, and it is not stored',
    async (path) => {
      stack.origin.answer(varies('X-Inertia, Accept-Language'));
      const target = unseen(path);
      expect((await get(target, null)).cache).toBe('MISS');
      for (const language of ['de', 'fr']) {
        const answer = await get(target, null, { 'accept-language': language });
        expect(answer.cache).toBe('BYPASS');
        expect(answer.headers['cache-status']).toMatch(/detail=vary-unkeyed/);
        expect(answer.json<Seen>()).toMatchObject({ language, inertia: null });
      }
      expect((await get(target, null, { 'x-inertia': 'true' })).json<Seen>().inertia).toBe('true');
      const again = await get(target, null);
      expect(again.cache).toBe('HIT');
      expect(again.json<Seen>()).toMatchObject({ n: 1, inertia: null, language: null });
    },
  );

  it('a first request that sends the field gets its own answer too, and leaves the other for those who do not', async () => {
    stack.origin.answer(varies('Accept-Language'));
    const target = unseen('/page');
    const first = await get(target, null, { 'accept-language': 'de' });
    expect(first.cache).toBe('BYPASS');
    expect(first.json<Seen>().language).toBe('de');
    expect(await get(target, null)).toMatchObject({ cache: 'HIT' });
  });

  it('of requests that wait for one another each gets the answer that is right for it', async () => {
    const target = unseen('/page');
    const held = gate();
    const answer = varies('Accept-Language');
    stack.origin.answer(async (request, response) => {
      if (request.headers['accept-language'] === undefined) await held.opened;
      answer(request, response);
    });
    const before = count();
    const first = get(target, null);
    await expect.poll(() => count()).toBe(before + 1);
    const others = Promise.all([
      get(target, null),
      get(target, null, { 'accept-language': 'de' }),
      get(target, null),
    ]);
    held.open();
    const languages = [await first, ...(await others)].map((one) => one.json<Seen>().language);
    expect(languages).toEqual([null, null, 'de', null]);
    expect(count()).toBe(before + 2);
  });

  it('what may not be stored is not asked for twice each time', async () => {
    stack.origin.answer(varies('Accept-Language', 'no-store'));
    const target = unseen('/page');
    await get(target, null, { 'accept-language': 'de' });
    const asked = async () => {
      const before = count();
      for (const language of ['de', 'fr'])
        expect((await get(target, null, { 'accept-language': language })).json<Seen>().language).toBe(
          language,
        );
      return count() - before;
    };
    // Fastly's HTTP cache keeps nothing with its markers: there each sandbox learns it for itself.
    if (isReadthrough) await expect.poll(asked).toBe(2);
    else expect(await asked()).toBe(2);
  });

  it('a part of the key, what is ignored, credentials, the encoding and an Origin that the policy answers do not count', async () => {
    const everything = {
      'accept-language': 'de',
      'user-agent': 'x',
      origin: 'https://app.test',
      cookie: 'a=1',
      'x-forwarded-for': '192.0.2.1',
    };
    for (const [path, vary] of [
      ['/translated/page', 'Accept-Language'],
      ['/loose/page', 'Accept-Language, User-Agent'],
      ['/page', 'User-Agent, Origin, Cookie, Authorization, Accept-Encoding, X-Forwarded-For'],
      ['/mine/page', 'Cookie, Authorization'],
    ] as const) {
      stack.origin.answer(varies(vary));
      const target = unseen(path);
      for (const cache of ['MISS', 'HIT']) expect((await get(target, CHROME, everything)).cache).toBe(cache);
    }
    stack.origin.answer(varies('Origin'));
    const own = unseen('/own-cors/page');
    for (let i = 0; i < 2; i++)
      expect((await get(own, null, { origin: 'https://app.test' })).cache).toBe('BYPASS');
  });

  it('the log names what is to be added to vary, and is silent where there is nothing', async () => {
    stack.origin.answer(varies('X-Inertia, Accept-Language, User-Agent'));
    const target = unseen('/page');
    const lines = await loggedBy(stack.edge, async () => {
      await get(target, null);
      await get(target, null, { 'x-inertia': 'true' });
      stack.origin.answer(varies('Accept-Encoding'));
      await get(unseen('/page'), null);
    });
    const unkeyedVary = ['x-inertia', 'accept-language'];
    expect(lines).toMatchObject([
      { lane: 'public', state: 'MISS', unkeyedVary },
      { lane: 'pass', state: 'BYPASS', reason: 'vary-unkeyed', unkeyedVary },
      { lane: 'public', state: 'MISS', unkeyedVary: [] },
    ]);
  });

  it('a renewal by 304 that adds a Vary counts from then on', async () => {
    const target = unseen('/page');
    const head = { 'cache-control': 'max-age=1', etag: '"a"', 'content-type': 'text/plain' };
    stack.origin.answer((request, response) => {
      if (request.headers['if-none-match'] === undefined)
        response.writeHead(200, { ...head, 'content-length': 3 }).end('one');
      else
        response.writeHead(304, { ...head, 'cache-control': 'max-age=300', vary: 'Accept-Language' }).end();
    });
    await get(target, null);
    const renewed = async () => (await get(target, null)).headers.vary;
    await expect.poll(renewed, { timeout: 20_000 }).toMatch(/accept-language/i);
    expect((await get(target, null, { 'accept-language': 'de' })).cache).toBe('BYPASS');
    expect((await get(target, null)).cache).toBe('HIT');
  });
});

describe('what is asked in a body', () => {
  interface Told {
    readonly method: string;
    readonly body: string;
    readonly type: string | null;
    readonly length: string | null;
    readonly canary: string | null;
  }
  /** Tells what it was asked, and a canary of the person whose token came. */
  const tells: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, headers } = request;
    const { sub = null } = JSON.parse(
      Buffer.from(headers.authorization?.split('.')[1] ?? 'e30', 'base64url').toString(),
    );
    const told: Told = {
      method: method ?? '',
      body: Buffer.concat(chunks).toString(),
      type: headers['content-type'] ?? null,
      length: headers['content-length'] ?? null,
      canary: sub === null ? null : `canary-of-${sub}`,
    };
    const body = JSON.stringify(told);
    const caching = headers.authorization === undefined ? 'public' : 'private';
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'cache-control': `${caching}, max-age=60`,
      })
      .end(body);
  };
  beforeEach(() => stack.origin.answer(tells));

  const post = (
    who: string | null,
    target: string,
    body: string,
    headers: Record<string, string> = {},
    method = 'POST',
  ) =>
    ask(stack.edge, who, target, {
      method,
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const chunked = (body: string) => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const raw = async (target: string, fields: string, body: string) => {
    const { host } = new URL(stack.edge.url);
    const head = `POST ${target} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n${fields}`;
    const { answers } = await converse(stack.edge.url, `${head}\r\n\r\n${body}`, ['POST']);
    return answers[0];
  };

  it('is a HIT however it is written and sent, on core, and reaches the origin as the key has it', async () => {
    const target = unseen('/search');
    const canonical = '{"page":1,"q":"caf\u00e9"}';
    for (const engine of [null, 'readthrough']) {
      await stack.edge.configure(engine === null ? {} : { cache_engine: engine });
      try {
        const own = `${target}&engine=${engine}`;
        const lines = await loggedBy(stack.edge, async () => {
          const first = await post(null, own, '{ "q": "caf\\u00e9", "page": 1.0 }');
          expect([first.cache, first.json<Told>()]).toEqual([
            'MISS',
            { method: 'POST', body: canonical, type: 'application/json', length: '22', canary: null },
          ]);
          expect((await post(null, own, canonical)).cache).toBe('HIT');
          const sent = await raw(own, 'transfer-encoding: chunked', chunked('{"q":"caf\\u00e9","page":1}'));
          expect(sent?.headers['x-cache']).toBe('HIT');
        });
        expect(lines).toMatchObject(Array(3).fill({ engine: 'core', route: 'search', purged: 0 }));
      } finally {
        await stack.edge.configure({});
      }
    }
  });

  it('by QUERY is another one, with conditions as of a GET; without a word of the route it passes', async () => {
    const target = unseen('/search');
    const query = (path: string, headers: Record<string, string> = {}) =>
      post(null, path, '{"q":1}', headers, 'QUERY');
    await post(null, target, '{"q":1}');
    const first = await query(target);
    expect([first.cache, first.json<Told>().method]).toEqual(['MISS', 'QUERY']);
    expect((await query(target)).cache).toBe('HIT');
    expect((await query(target, { range: 'bytes=0-9' })).status).toBe(206);
    const lines = await loggedBy(stack.edge, async () => {
      const passed = await query(unseen('/plain/a'));
      expect([passed.cache, passed.json<Told>().method]).toEqual(['BYPASS', 'QUERY']);
      expect((await ask(stack.edge, null, '/plain/a', { method: 'PROPFIND' })).status).toBe(501);
    });
    expect(lines[0]).toMatchObject({ reason: 'query-method', purged: 0 });
  });

  it('of two people is never one', async () => {
    const target = unseen('/my-search');
    const ofBob = await tokenOf(bob);
    const body = '{"q":"mine"}';
    const canaries = [`canary-of-${alice.sub}`, `canary-of-${bob.sub}`];
    for (const round of ['MISS', 'HIT']) {
      const answers = [await post(token, target, body), await post(ofBob, target, body)];
      expect(answers.map(({ cache }) => cache)).toEqual([round, round]);
      expect(answers.map((answer) => answer.json<Told>().canary)).toEqual(canaries);
    }
    const refused = [await post(null, target, body), await post('bad.token.here', target, body)];
    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    expect(refused.map(({ text }) => text).join()).not.toContain('canary');
  });

  it.each([
    ['a member twice', '{"q":"a","q":"evil"}', {}],
    ['a member twice, escaped', '{"q":"a","\\u0071":"evil"}', {}],
    ['__proto__', '{"q":"a","__proto__":{"q":"evil"}}', {}],
    ['a byte order mark', '\ufeff{"q":"a"}', {}],
    ['something behind it', '{"q":"a"}{"q":"evil"}', {}],
    ['a number that a double cannot hold', '{"q":"a","n":12345678901234567890}', {}],
    ['half a character', '{"q":"a\\ud800"}', {}],
    ['another charset', '{"q":"a"}', { 'content-type': 'application/json; charset=utf-16le' }],
    ['another media type', '{"q":"a"}', { 'content-type': 'text/plain' }],
    ['two media types', '{"q":"a"}', { 'content-type': 'application/json, text/plain' }],
    ['an encoding', '{"q":"a"}', { 'content-encoding': 'gzip' }],
    ['a language', '{"q":"a"}', { 'content-language': 'de' }],
    ['a method of its own', '{"q":"a"}', { 'x-http-method-override': 'DELETE' }],
  ])('poisoned by %s gives nobody else an answer to it', async (_, poisoned, headers) => {
    const target = unseen('/search');
    const isOrdinary = poisoned === '{"q":"a"}' && headers['content-type' as never] === undefined;
    const answered = (await post(null, target, poisoned, headers)).json<Told>();
    // What passes arrives as it was sent; what is kept is what the key says.
    if (!isOrdinary)
      expect(answered.body.replace('\ufeff', '')).toBe(
        poisoned
          .replace('\ufeff', '')
          .replace('"q":"a","__proto__":{"q":"evil"}', '"__proto__":{"q":"evil"},"q":"a"'),
      );
    for (let i = 0; i < 2; i++) {
      const { body, type, method } = (await post(null, target, '{"q":"a"}')).json<Told>();
      expect({ body, type, method }).toEqual({ body: '{"q":"a"}', type: 'application/json', method: 'POST' });
    }
  });

  it('and framed in two ways is refused, or is what the key says', async () => {
    const target = unseen('/search');
    const both = await raw(
      target,
      'content-length: 9\r\ntransfer-encoding: chunked',
      chunked('{"q":"evil"}'),
    );
    if (both?.status === 200) expect(JSON.parse(both.body)).toMatchObject({ body: '{"q":"evil"}' });
    const garbage = await raw(target, 'transfer-encoding: chunked', chunked('{"q":"a"}trailing'));
    expect([garbage?.headers['x-cache'], JSON.parse(garbage?.body ?? '').body]).toEqual([
      'BYPASS',
      '{"q":"a"}trailing',
    ]);
    expect((await post(null, target, '{"q":"a"}')).json<Told>().body).toBe('{"q":"a"}');
  });

  it('that is longer than the bound arrives whole, announced or not', async () => {
    const long = JSON.stringify({ b: 'x'.repeat(150_000), a: 1 });
    const target = unseen('/search');
    const lines = await loggedBy(stack.edge, async () => {
      const announced = await post(null, target, long);
      expect([announced.cache, announced.json<Told>().body === long]).toEqual(['BYPASS', true]);
      const sent = await raw(target, 'transfer-encoding: chunked', chunked(long));
      expect(JSON.parse(sent?.body ?? '').body === long).toBe(true);
    });
    expect(lines).toMatchObject(Array(2).fill({ reason: 'body-unkeyed', detail: 'length', purged: 0 }));
  });

  it('as bytes is kept byte for byte, with the media type that came', async () => {
    const target = unseen('/rpc');
    const type = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    const first = await post(null, target, 'b=1&a=2', type);
    expect(first.json<Told>()).toMatchObject({ body: 'b=1&a=2', type: type['content-type'], length: '7' });
    expect((await post(null, target, 'b=1&a=2', type)).cache).toBe('HIT');
    expect((await post(null, target, 'a=2&b=1', type)).cache).toBe('MISS');
    expect((await post(null, target, 'b=1&a=2')).cache).toBe('MISS');
  });

  it('is asked once for many at a time', async () => {
    const target = unseen('/search');
    const before = count();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(null, target, '{"q":"many"}')));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(count() - before).toBe(1);
  });
});
