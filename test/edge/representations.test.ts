import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import zlib from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import type { Answer } from '../support/send.ts';
import { testEngine } from '../support/test-engine.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { gate } from './support/gate.ts';
import { page } from './support/scripted-origin.ts';
import { REPRESENTATIONS, type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

const [alice] = PEOPLE as [Person];
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
