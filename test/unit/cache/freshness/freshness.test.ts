import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshness } from '../../../../src/cache/freshness/freshness.ts';
import type { FreshnessInput } from '../../../../src/cache/freshness/freshness-decision.ts';
import type { FreshnessRule } from '../../../../src/policy/routes/route.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const date = (offsetSeconds: number) => new Date(NOW_MS + offsetSeconds * 1000).toUTCString();
const RULE: FreshnessRule = {
  ttl: { defaultSeconds: null, minSeconds: 0, maxSeconds: 31_536_000 },
  staleWhileRevalidateSeconds: null,
  staleIfErrorSeconds: null,
  capAtTokenExpiry: false,
  negativeTtlSeconds: {},
  stripSetCookie: false,
  stripSetCookies: [],
  knownVary: ['accept-encoding', 'authorization', 'cookie', 'host', 'x-variant'],
};

type Changes = Partial<Omit<FreshnessInput, 'headers' | 'rule'>> & { rule?: Partial<FreshnessRule> };

function decide(headers: Record<string, string>, { rule, ...changes }: Changes = {}) {
  return freshness({
    lane: 'public',
    shared: true,
    rule: { ...RULE, ...rule },
    path: '/page',
    status: 200,
    headers: new Headers(headers),
    nowMs: NOW_MS,
    requestedAtMs: NOW_MS,
    tokenExpiresAtSeconds: null,
    ...changes,
  });
}
const cc = (value: string) => ({ 'cache-control': value });
const mine: Changes = { lane: 'scoped', shared: false };
const team: Changes = { lane: 'scoped', shared: true };
const ttl = (changes: Partial<FreshnessRule['ttl']>): Changes => ({
  rule: { ttl: { ...RULE.ttl, ...changes } },
});

describe('what decides', () => {
  const table: [string, Record<string, string>, number][] = [
    ['max-age', cc('max-age=60'), 60],
    ['s-maxage beats max-age', cc('max-age=60, s-maxage=300'), 300],
    ['max-age beats Expires', { ...cc('max-age=60'), expires: date(900), date: date(0) }, 60],
    ['Expires counts from Date', { expires: date(890), date: date(-10) }, 891],
    ['Expires that is no date is in the past', { expires: '0' }, 0],
    ['CDN-Cache-Control beats Cache-Control', { ...cc('max-age=60'), 'cdn-cache-control': 'max-age=5' }, 5],
    [
      'Surrogate-Control beats CDN-Cache-Control',
      { 'surrogate-control': 'max-age=7', 'cdn-cache-control': 'max-age=5' },
      7,
    ],
    ['Surrogate-Control with content', { 'surrogate-control': 'content="ESI/1.0", max-age=8' }, 8],
    [
      'a targeted field that is no dictionary is ignored',
      { ...cc('max-age=60'), 'cdn-cache-control': 'max-age=5, =' },
      60,
    ],
    ['CDN-Cache-Control: s-maxage', { 'cdn-cache-control': 's-maxage=600' }, 600],
    ['beside max-age of Cache-Control', { ...cc('max-age=5'), 'cdn-cache-control': 's-maxage=600' }, 600],
    ['before its own max-age', { 'cdn-cache-control': 'max-age=5, s-maxage=600' }, 600],
    ['Surrogate-Control: s-maxage', { ...cc('max-age=5'), 'surrogate-control': 's-maxage=600' }, 600],
    ['before its own max-age there', { 'surrogate-control': 's-maxage=600, max-age=5' }, 600],
    ['with a time for stale copies', { 'surrogate-control': 's-maxage=60+30' }, 60],
    ['s-maxage of 0 beats max-age', { 'cdn-cache-control': 'max-age=5, s-maxage=0' }, 0],
    ['of two in a dictionary the last counts', { 'cdn-cache-control': 's-maxage=60, s-maxage=5' }, 5],
    ['the smaller of two s-maxage', cc('s-maxage=60, s-maxage=30, max-age=90'), 30],
    [
      'a targeted s-maxage of the wrong type is ignored',
      { 'cdn-cache-control': 's-maxage="9", max-age=5' },
      5,
    ],
    ['a targeted number with a fraction is ignored', { 'cdn-cache-control': 's-maxage=9.0, max-age=5' }, 5],
    ['a targeted number below 0 is 0', { 'cdn-cache-control': 's-maxage=-1' }, 0],
    [
      'a targeted name in capitals is no dictionary',
      { ...cc('max-age=5'), 'cdn-cache-control': 'S-MaxAge=9' },
      5,
    ],
    [
      'Surrogate-Control that speaks of ESI alone',
      { ...cc('max-age=5'), 'surrogate-control': 'content="ESI/1.0"' },
      5,
    ],
    ['a sign makes it none', cc('max-age=+60'), 0],
    ['no number at all', cc('max-age='), 0],
    ['a blank in quotes', cc('max-age=" 60"'), 0],
    ['a number without end is capped', cc(`max-age=${'9'.repeat(400)}`), 31_536_000],
    ['Expires of a year that Date.UTC would move', { expires: 'Fri, 01 Jan 0099 00:00:00 GMT' }, 0],
    ['two Expires', { expires: `${date(60)}, ${date(60)}` }, 0],
    ['Expires against a Date that is none counts from now', { expires: date(60), date: 'soon' }, 60],
    ['an empty targeted field is ignored', { ...cc('max-age=60'), 'cdn-cache-control': '' }, 60],
    ['a targeted max-age of the wrong type is ignored', { 'cdn-cache-control': 'max-age="60"' }, 0],
    [
      'Expires beside a targeted field is not asked',
      { expires: date(900), 'cdn-cache-control': 'public' },
      0,
    ],
    ['case and white space', cc('  MAX-AGE=60 ,Public'), 60],
    ['a quoted number', cc('max-age="60"'), 60],
    ['the smaller of two', cc('max-age=60, max-age=30'), 30],
    ['a number that is none is 0', cc('max-age=soon'), 0],
    ['a fraction is none', cc('max-age=1.5'), 0],
    ['a negative number is none', cc('max-age=-1'), 0],
    ['white space around the equals sign', cc('max-age = 60'), 60],
    ['nothing', {}, 0],
    ['Last-Modified alone: no heuristic', { 'last-modified': date(-864_000) }, 0],
    ['immutable adds nothing', cc('max-age=60, immutable'), 60],
    ['a comma in quotes does not split', cc('foo="a, no-store", max-age=60'), 60],
  ];
  it.each(table)('%s', (_, headers, seconds) => {
    expect(decide(headers)).toMatchObject({ store: seconds > 0, ttlSeconds: seconds });
  });
});

describe('what forbids', () => {
  const table: [string, Record<string, string>, string, Changes?][] = [
    ['no-store behind a quote that stays open', cc('max-age=60, x="y, no-store'), 'no-store'],
    ['no-store beside max-age', cc('max-age=60, no-store'), 'no-store'],
    ['NO-STORE', cc('max-age=60, NO-STORE'), 'no-store'],
    ['no-store with an argument', cc('no-store="x", max-age=60'), 'no-store'],
    ['a targeted no-store', { ...cc('max-age=60'), 'cdn-cache-control': 'no-store' }, 'no-store'],
    ['private in CDN-Cache-Control', { ...cc('max-age=60'), 'cdn-cache-control': 'private' }, 'private'],
    ['private in Surrogate-Control', { ...cc('max-age=60'), 'surrogate-control': 'private' }, 'private'],
    ['no-cache in Surrogate-Control', { ...cc('max-age=60'), 'surrogate-control': 'no-cache' }, 'no-cache'],
    [
      'no-store beside s-maxage in a targeted field',
      { ...cc('max-age=60'), 'cdn-cache-control': 's-maxage=600, no-store' },
      'no-store',
    ],
    [
      'no-store in a Surrogate-Control that cannot be read to its end',
      { ...cc('max-age=60'), 'surrogate-control': 'no-store, content="ESI' },
      'no-store',
    ],
    ['no-cache', cc('no-cache, max-age=60'), 'no-cache'],
    ['no-cache with fields', cc('no-cache="set-cookie", max-age=60'), 'no-cache'],
    ['Pragma without Cache-Control', { pragma: 'no-cache', expires: date(60) }, 'no-cache'],
    ['private on the public lane', cc('private, max-age=60'), 'private'],
    ['private in a bucket of several people', cc('private, s-maxage=60'), 'private', team],
    ['max-age alone in a bucket of several people', cc('max-age=60'), 'no-consent', team],
    ['Set-Cookie', { ...cc('max-age=60'), 'set-cookie': 'a=b' }, 'set-cookie'],
    ['Set-Cookie for one person', { ...cc('max-age=60'), 'set-cookie': 'a=b' }, 'set-cookie', mine],
    ['Vary: *', { ...cc('max-age=60'), vary: 'accept, *' }, 'vary-star'],
    ['206', cc('max-age=60'), 'partial', { status: 206 }],
    ['Content-Range on a 200', { ...cc('max-age=60'), 'content-range': 'bytes 0-1/2' }, 'partial'],
    ['must-understand with an unknown status', cc('max-age=60, must-understand'), 'status', { status: 299 }],
    ['304', cc('max-age=60'), 'status', { status: 304 }],
    [
      'HTML under a style sheet',
      { ...cc('max-age=60'), 'content-type': 'text/html' },
      'content-mismatch',
      { path: '/a/x.css' },
    ],
    [
      'JSON under an image',
      { ...cc('max-age=60'), 'content-type': 'application/json' },
      'content-mismatch',
      { path: '/me.png' },
    ],
  ];
  it.each(table)('%s', (_, headers, reason, changes) => {
    expect(decide(headers, changes)).toMatchObject({
      store: false,
      reason,
      ttlSeconds: 0,
      staleIfErrorSeconds: 0,
    });
  });

  it('nothing else', () => {
    expect(decide(cc('private, max-age=60'), mine).store).toBe(true);
    expect(decide(cc('s-maxage=60'), team).store).toBe(true);
    expect(decide(cc('public, max-age=60'), team).store).toBe(true);
    expect(decide({ 'cdn-cache-control': 'max-age=60' }, team).store).toBe(true);
    expect(decide(cc('no-store, must-understand, max-age=60')).store).toBe(true);
    expect(
      decide({ ...cc('max-age=60'), 'set-cookie': 'a=b' }, { rule: { stripSetCookie: true } }).store,
    ).toBe(true);
    const named = { ...mine, rule: { stripSetCookies: ['XSRF-TOKEN', 'laravel_*'] } };
    const sets = (...lines: string[]) => ({ ...cc('max-age=60'), 'set-cookie': lines.join(', ') });
    expect(decide(sets('XSRF-TOKEN=1; Path=/', 'laravel_session=2'), named).store).toBe(true);
    expect(decide(sets('XSRF-TOKEN=1; Path=/', 'login=2'), named)).toMatchObject({ reason: 'set-cookie' });
    expect(decide({ ...sets('XSRF-TOKEN=1'), ...cc('no-store') }, named)).toMatchObject({
      reason: 'no-store',
    });
    expect(decide({ ...cc('max-age=60'), vary: 'Authorization, Cookie' }).store).toBe(true);
    for (const [path, type] of [
      ['/x.css', 'text/css; charset=utf-8'],
      ['/x.js', 'text/javascript'],
      ['/x.jpg', 'image/webp'],
      ['/x.woff2', 'application/font-woff2'],
      ['/x.json', 'application/json'],
      ['/x', 'text/html'],
      ['/v1.2', 'text/html'],
      ['/x.css', 'application/octet-stream'],
    ]) {
      expect(
        decide({ ...cc('max-age=60'), 'content-type': String(type) }, { path: String(path) }).store,
      ).toBe(true);
    }
  });

  const directive = fc.constantFrom(
    'max-age=60',
    's-maxage=60',
    'public',
    'private',
    'must-revalidate',
    'immutable',
    'stale-while-revalidate=9',
    'x=y',
    'max-age=z',
    '"',
    '=',
  );
  const forbidding = fc.constantFrom('no-store', 'No-Store', 'no-cache', 'no-cache="a"', ' no-store ');
  it('no company makes a no-store or no-cache storable', () => {
    fc.assert(
      fc.property(
        fc.array(directive),
        forbidding,
        fc.array(directive),
        fc.boolean(),
        (before, word, after, shared) => {
          // An unbalanced quote may hide what follows it; before the word there is none.
          const field = [...before.filter((text) => text !== '"'), word, ...after].join(',');
          const rule = { ttl: { defaultSeconds: 60, minSeconds: 60, maxSeconds: 600 } };
          expect(decide(cc(field), { lane: 'scoped', shared, rule }).store).toBe(false);
        },
      ),
    );
  });
});

type AgeRow = [what: string, headers: Record<string, string>, delayMs: number, seconds: number, age: number];

describe('age', () => {
  it.each<AgeRow>([
    ['Age is taken off', { ...cc('max-age=60'), age: '20' }, 0, 40, 20],
    ['the time on the way counts with Age', { ...cc('max-age=60'), age: '20' }, 5000, 35, 25],
    ['an old Date counts', { ...cc('max-age=60'), date: date(-30) }, 0, 31, 29],
    ['a Date in the future does not', { ...cc('max-age=60'), date: date(300) }, 0, 60, 0],
    ['older than fresh', { ...cc('max-age=60'), age: '61' }, 0, 0, 61],
    ['of a list the first member counts', { ...cc('max-age=60'), age: '0, 7200' }, 0, 60, 0],
    [
      'of a list the first member counts, also where it is old',
      { ...cc('max-age=60'), age: '7200,0' },
      0,
      0,
      7200,
    ],
    [
      'a number without end is as old as can be',
      { ...cc('max-age=60'), age: '9'.repeat(400) },
      0,
      0,
      2 ** 31,
    ],
    ...['abc', '-5', '+5', '7200.0', '7200;a=1', '', ',7200', '0x10', '1e3', '"5"'].map(
      (age): AgeRow => [`Age: ${age} is ignored`, { ...cc('max-age=60'), age }, 5000, 60, 0],
    ),
    ...['soon', '0', '2026-01-01T00:00:00Z', '-1', 'Thu, 01 Jan 0026 00:00:00 GMT'].map(
      (text): AgeRow => [`Date: ${text} is ignored`, { ...cc('max-age=60'), date: text }, 0, 60, 0],
    ),
  ])('%s', (_, headers, delayMs, seconds, age) => {
    const decision = decide(headers, { requestedAtMs: NOW_MS - delayMs });
    expect(decision).toMatchObject({ ttlSeconds: seconds, initialAgeSeconds: age });
  });
});

describe('a time for stale copies', () => {
  it.each(['abc', '-1', '1.5', '', '+9'])('of %s is none', (text) => {
    const decision = decide(cc(`max-age=60, stale-while-revalidate=${text}, stale-if-error=${text}`));
    expect(decision).toMatchObject({ staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 });
  });

  it.each([
    ['cdn-cache-control', 'must-revalidate'],
    ['surrogate-control', 'proxy-revalidate'],
  ])('is forbidden by a %s with %s, whatever the route says', (name, word) => {
    const rule = { staleWhileRevalidateSeconds: 30, staleIfErrorSeconds: 30 };
    const decision = decide({ [name]: `s-maxage=60, ${word}` }, { rule });
    expect(decision).toMatchObject({ store: true, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 });
  });
});

describe('the ttl of a policy', () => {
  it('default: only for statuses that may be stored without freshness of their own', () => {
    for (const status of [200, 203, 204, 300, 301, 308]) {
      expect(decide({}, { ...ttl({ defaultSeconds: 9 }), status }).ttlSeconds).toBe(9);
    }
    for (const status of [201, 302, 307, 400, 401, 403, 404, 410, 500, 503]) {
      expect(decide({}, { ...ttl({ defaultSeconds: 9 }), status }).store).toBe(false);
    }
    expect(decide(cc('max-age=60'), ttl({ defaultSeconds: 9 })).ttlSeconds).toBe(60);
  });

  it('min: raises a shorter positive freshness of 200, 203, 204, 301, 308', () => {
    for (const status of [200, 203, 204, 301, 308]) {
      expect(decide(cc('max-age=60'), { ...ttl({ minSeconds: 600 }), status }).ttlSeconds).toBe(600);
    }
    expect(decide(cc('max-age=60'), { ...ttl({ minSeconds: 600 }), status: 404 }).ttlSeconds).toBe(60);
    expect(decide(cc('max-age=900'), ttl({ minSeconds: 600 })).ttlSeconds).toBe(900);
  });

  it('min never beats no-store, no-cache, max-age=0, or private outside its scope', () => {
    for (const value of [
      'no-store',
      'no-cache',
      'max-age=0',
      's-maxage=0, max-age=60',
      'private, max-age=60',
      'no-store, max-age=60',
    ]) {
      expect(decide(cc(value), ttl({ minSeconds: 600, defaultSeconds: 600 })).store).toBe(false);
    }
    expect(decide(cc('private, s-maxage=60'), { ...team, ...ttl({ minSeconds: 600 }) }).store).toBe(false);
    expect(decide(cc('private, max-age=60'), { ...mine, ...ttl({ minSeconds: 600 }) }).ttlSeconds).toBe(600);
  });

  it('max: caps whatever the source', () => {
    expect(decide(cc('max-age=60'), ttl({ maxSeconds: 10 })).ttlSeconds).toBe(10);
    expect(decide({ 'cdn-cache-control': 'max-age=60' }, ttl({ maxSeconds: 10 })).ttlSeconds).toBe(10);
  });

  it('negative: an error status without freshness of its own', () => {
    const rule = { negativeTtlSeconds: { 404: 30 } };
    expect(decide({}, { rule, status: 404 }).ttlSeconds).toBe(30);
    expect(decide(cc('max-age=5'), { rule, status: 404 }).ttlSeconds).toBe(5);
    expect(decide(cc('no-store'), { rule, status: 404 }).store).toBe(false);
    expect(decide({}, { rule, status: 500 }).store).toBe(false);
  });

  it('capAtTokenExpiry: not beyond exp', () => {
    const expiring = { ...mine, tokenExpiresAtSeconds: NOW_MS / 1000 + 12.7 };
    expect(decide(cc('max-age=60'), { ...expiring, rule: { capAtTokenExpiry: true } }).ttlSeconds).toBe(12);
    expect(decide(cc('max-age=60'), expiring).ttlSeconds).toBe(60);
  });
});

describe('staleness', () => {
  it('is the route’s, else the response’s', () => {
    const field = cc('max-age=60, stale-while-revalidate=5, stale-if-error=6');
    expect(decide(field)).toMatchObject({ staleWhileRevalidateSeconds: 5, staleIfErrorSeconds: 6 });
    expect(
      decide(field, { rule: { staleWhileRevalidateSeconds: 30, staleIfErrorSeconds: 0 } }),
    ).toMatchObject({
      staleWhileRevalidateSeconds: 30,
      staleIfErrorSeconds: 0,
    });
  });

  it.each(['must-revalidate', 'proxy-revalidate'])('is forbidden by %s, whatever the route says', (word) => {
    const rule = { staleWhileRevalidateSeconds: 30, staleIfErrorSeconds: 30 };
    expect(decide(cc(`max-age=60, ${word}`), { rule })).toMatchObject({
      staleWhileRevalidateSeconds: 0,
      staleIfErrorSeconds: 0,
    });
  });
});

describe('beside that', () => {
  it('only Accept-Encoding is a variant of the edge', () => {
    expect(decide({ ...cc('max-age=60'), vary: 'Authorization, accept-Encoding, Cookie' }).vary).toEqual([
      'accept-encoding',
    ]);
    expect(decide({ ...cc('max-age=60'), 'content-encoding': 'br' }).vary).toEqual(['accept-encoding']);
    expect(decide({ ...cc('max-age=60'), vary: 'Accept-Language' }).vary).toEqual([]);
  });

  it('the origin’s surrogate keys are kept, without what the platform would refuse', () => {
    const keys = `a  b a ${'x'.repeat(1025)} ü c`;
    expect(decide({ ...cc('max-age=60'), 'surrogate-key': keys }).originSurrogateKeys).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('what had to be overruled is noted', () => {
    expect(decide({ ...cc('no-store, max-age=60'), 'set-cookie': 'a=b' }).notes).toEqual([
      'set-cookie',
      'contradictory-cache-control',
    ]);
    expect(decide(cc('public, max-age=60'), mine).notes).toEqual(['public-on-personal']);
    expect(decide(cc('private')).notes).toEqual(['private-on-public']);
    expect(decide({ ...cc('max-age=60'), 'content-encoding': 'gzip' }).notes).toEqual([
      'missing-vary-accept-encoding',
    ]);
  });

  it('is a pure function of its input, for any headers', () => {
    const value = fc.stringMatching(/^[ -~]{0,40}$/);
    const names = [
      'cache-control',
      'cdn-cache-control',
      'surrogate-control',
      'expires',
      'date',
      'age',
      'vary',
      'pragma',
    ];
    const headers = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(headers, fc.integer({ min: 100, max: 599 }), (fields, status) => {
        const decision = decide(fields, { status });
        expect(decide(fields, { status })).toEqual(decision);
        expect(decision.store).toBe(decision.reason === 'stored');
        expect(decision.store).toBe(decision.ttlSeconds > 0);
        expect(Number.isSafeInteger(decision.ttlSeconds)).toBe(true);
      }),
    );
  });
});

describe('the arithmetic', () => {
  const sums = (headers: Record<string, string>, changes: Changes = {}) => {
    const { arithmetic, ttlSeconds } = decide(headers, changes);
    return { ...arithmetic, ttlSeconds };
  };

  it('names the field, who states the lifetime, and every step to the ttl', () => {
    expect(
      sums(
        { ...cc('max-age=60, s-maxage=10'), age: '4' },
        { rule: { ttl: { ...RULE.ttl, minSeconds: 30 } } },
      ),
    ).toEqual({
      field: 'cache-control',
      source: 's-maxage',
      statedSeconds: 10,
      lifetimeSeconds: 30,
      ageSeconds: 4,
      maxSeconds: 31_536_000,
      tokenLeftSeconds: null,
      ttlSeconds: 26,
    });
  });

  it.each<[string, Record<string, string>, Changes, object]>([
    [
      'a targeted field',
      { 'surrogate-control': 'max-age=9', ...cc('max-age=1') },
      {},
      { field: 'surrogate-control', source: 'max-age', statedSeconds: 9 },
    ],
    [
      'Expires',
      { expires: date(50), date: date(0) },
      {},
      { field: null, source: 'expires', statedSeconds: 50 },
    ],
    [
      'the default of the route',
      {},
      ttl({ defaultSeconds: 7 }),
      { field: null, source: 'ttl.default', statedSeconds: 7 },
    ],
    [
      'negative caching',
      {},
      { status: 404, rule: { negativeTtlSeconds: { 404: 5 } } },
      { source: 'negativeTtl', statedSeconds: 5 },
    ],
    ['nobody', {}, {}, { source: null, statedSeconds: null, lifetimeSeconds: null, ttlSeconds: 0 }],
    [
      'something that forbids',
      cc('no-store, max-age=9'),
      {},
      { field: 'cache-control', source: null, ttlSeconds: 0 },
    ],
  ])('%s', (_who, headers, changes, expected) => {
    expect(sums(headers, changes)).toMatchObject(expected);
  });

  it('what is left of the token stands there only where it is a cap', () => {
    const token = { ...mine, tokenExpiresAtSeconds: NOW_MS / 1000 + 40 };
    expect(sums(cc('max-age=60'), { ...token, rule: { capAtTokenExpiry: true } })).toMatchObject({
      tokenLeftSeconds: 40,
      ttlSeconds: 40,
    });
    expect(sums(cc('max-age=60'), token)).toMatchObject({ tokenLeftSeconds: null, ttlSeconds: 60 });
  });

  it('the steps add up, whatever comes in', () => {
    const seconds = fc.nat({ max: 5000 });
    fc.assert(
      fc.property(seconds, seconds, seconds, fc.nat({ max: 200 }), (maxAge, minSeconds, extra, age) => {
        const rule = { ttl: { defaultSeconds: null, minSeconds, maxSeconds: minSeconds + extra } };
        const { arithmetic, ttlSeconds } = decide({ ...cc(`max-age=${maxAge}`), age: String(age) }, { rule });
        const left = (arithmetic.lifetimeSeconds ?? 0) - arithmetic.ageSeconds;
        expect(ttlSeconds).toBe(Math.max(0, Math.min(left, arithmetic.maxSeconds)));
      }),
    );
  });
});
