import { describe, expect, test } from 'vitest';
import { adviceOf } from '../../../cli/log/advice.ts';
import { noCounts } from '../../../cli/log/counter.ts';
import type { Counts, RequestLine, Slot } from '../../../cli/log/live-news.ts';
import { sumOf } from '../../../cli/log/sums.ts';
import { axisRange, chartData, chartRows, summary } from '../../../demo/web/src/console/chart-data.ts';
import { createMatch, filtersOf } from '../../../demo/web/src/console/filters.ts';
import { operated } from '../../../demo/web/src/console/operate.ts';
import { explainOrder, purgeOrder } from '../../../demo/web/src/console/orders.ts';
import {
  loadWithoutCache,
  originLoad,
  readAssumptions,
  savingsOf,
  USUAL,
} from '../../../demo/web/src/console/savings.ts';
import {
  effectOf,
  readSwitches,
  switchCommand,
  switchRows,
} from '../../../demo/web/src/console/switch-rows.ts';
import { searchWith } from '../../../demo/web/src/console/use-address.ts';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const END_MS = 3_600_000;
/** The slot that ended so many seconds before the end. */
const slot = (secondsAgo: number, counts: Partial<Counts>): Slot => ({
  at: (END_MS / 1000 - secondsAgo) / 5 - 1,
  ...counts,
});
const logged = (...slots: Slot[]) => ({ endMs: END_MS, slots });

describe('the chart', () => {
  test.each([1, 10, 60] as const)(
    'of %i minutes has an axis of just that length, whatever was logged',
    (minutes) => {
      for (const state of [logged(), logged(slot(0, { HIT: 1 })), logged(slot(3500, { HIT: 1 }))]) {
        const [from, to] = axisRange(state, minutes);
        expect(to - from).toBe(minutes * 60);
        const [times] = chartData(state, minutes);
        expect(times.at(-1)).toBe(to);
        expect(times[0]).toBeGreaterThan(from);
        expect((times[0] ?? 0) - from).toBeLessThanOrEqual(60);
      }
    },
  );

  test('has a gap where no cache was asked, and requests per second', () => {
    const state = logged(slot(10, { HIT: 3, MISS: 1, BYPASS: 6 }), slot(5, { BYPASS: 5 }));
    const [, ratio, rate] = chartData(state, 1);
    expect(ratio.slice(-4)).toEqual([null, 75, null, null]);
    expect(rate.slice(-4)).toEqual([0, 2, 1, null]);
    expect(chartData(null, 10)).toEqual([[], [], []]);
  });

  test('leaves the newest slot out, which is not over: a steady load is a line that does not fall', () => {
    const steady = logged(...Array.from({ length: 720 }, (_, i) => slot(i * 5, { HIT: i === 0 ? 1 : 50 })));
    for (const minutes of [1, 10, 60] as const) {
      const [, , rate] = chartData(steady, minutes);
      expect(new Set(rate.filter((value) => value !== null))).toEqual(new Set([10]));
    }
  });

  test('counts in a span what is in it, and nothing else', () => {
    const state = logged(slot(3595, { HIT: 1 }), slot(595, { HIT: 10 }), slot(55, { HIT: 100 }));
    for (const [minutes, hits] of [
      [1, 100],
      [10, 110],
      [60, 111],
    ] as const) {
      expect(sumOf(state.slots, END_MS, minutes).HIT).toBe(hits);
      expect(chartRows(state, minutes).reduce((sum, { requests }) => sum + requests, 0)).toBe(hits);
    }
  });

  test('a sentence says what it shows', () => {
    const counts = sumOf([slot(0, { HIT: 3, MISS: 1, BYPASS: 6 })], END_MS, 10);
    expect(summary(counts, 10)).toBe('Chart of the last 10 minutes: 10 requests, hit ratio 75 percent.');
    expect(summary(null, 60)).toMatch(/last hour: 0 requests, no cache was asked/);
  });
});

describe('the filters', () => {
  const line = { method: 'GET', route: 'orders', lane: 'scoped', state: 'HIT', status: 404 } as RequestLine;
  const whole = { ...line, reason: 'scope-verified', detail: 'fresh', requestId: 'abc', fingerprint: 'f1f2' };
  const passes = (search: string) =>
    createMatch(filtersOf(new URLSearchParams(search)), { orders: '/api/orders' })(whole);

  test.each([
    '',
    'route=orders&lane=scoped&state=HIT',
    'status=404',
    'status=4xx',
    'fingerprint=f1',
    'text=API/ord',
    'text=abc',
  ])('%o finds the request', (search) => expect(passes(search)).toBe(true));

  test.each([
    'route=pages',
    'lane=pass',
    'state=MISS',
    'status=2xx',
    'status=40',
    'fingerprint=f2',
    'text=cms',
  ])('%o does not', (search) => expect(passes(search)).toBe(false));

  test('an address keeps what it is not asked to change', () => {
    expect(searchWith('?view=requests&state=HIT', { state: '', lane: 'pass' })).toBe(
      '?view=requests&lane=pass',
    );
    expect(searchWith('?state=HIT', { state: null })).toBe('');
  });
});

describe('what would make a HIT of a request', () => {
  const of = (state: RequestLine['state'], fields: Partial<RequestLine>) =>
    adviceOf({ reason: 'scope-verified', detail: '', ...fields, state });

  test('is told by its reason, or by what came of it', () => {
    expect(of('BYPASS', { reason: 'vary-unkeyed', unkeyedVary: ['X-Inertia'] })).toMatch(
      /^Vary: X-Inertia was withheld: add it to the route/,
    );
    expect(of('BYPASS', { reason: 'cms-cookie' })).toMatch(/editor/);
    expect(of('MISS', { detail: 'no-store' })).toMatch(/max-age/);
    expect(of('HIT', { detail: 'fresh' })).toBeNull();
    expect(of('MISS', { reason: 'toString', detail: 'constructor' })).toBeNull();
  });
});

describe('savings', () => {
  const counts = { ...noCounts(), HIT: 900, MISS: 100, saved: 900, origin: 100, originMs: 20_000 };

  test('follow from what is assumed', () => {
    const assumed = { currency: '$', pricePerMillion: 10, kilobytes: 1000, pricePerGigabyte: 1 };
    const { money, gigabytes, moneyAMonth } = savingsOf(counts, 10, assumed);
    expect(gigabytes).toBeCloseTo(0.9);
    expect(money).toBeCloseTo(0.909);
    expect(moneyAMonth).toBeCloseTo(0.909 * 4320);
    expect(originLoad(counts, 10)).toBeCloseTo(1 / 30);
    expect(loadWithoutCache(counts, 10)).toBeCloseTo(1 / 3);
    expect(loadWithoutCache(noCounts(), 10)).toBeNull();
  });

  test.each([null, '{', '[]', 'null', '{"kilobytes":-1}', '{"kilobytes":"9"}'])(
    'of %o kept, the usual is assumed',
    (text) => {
      expect(readAssumptions(text)).toEqual(USUAL);
    },
  );
});

describe('the switches', () => {
  test('are those of everything, of the lanes and of each route', () => {
    const switches = {
      cache: 'pass',
      keyVersion: '',
      lanes: { scoped: 'observe' },
      routes: { orders: 'pass' },
    };
    expect(switchRows(switches, ['pages']).map(({ item, value }) => [item, value])).toEqual([
      ['cache', 'pass'],
      ['lane.scoped', 'observe'],
      ['lane.public', 'on'],
      ['route.pages', 'on'],
      ['route.orders', 'pass'],
    ]);
    expect(switchCommand('cache', 'on')).toContain('config-store-entry delete');
    expect(effectOf('lane.public', 'pass')).toMatch(/^Nothing of this lane is cached/);
    expect(readSwitches({ switches: {} })).toBeNull();
  });
});

describe('the operator’s forms', () => {
  test.each<[Record<string, string>, object]>([
    [
      { kind: 'scope', which: 'user 42' },
      { scope: 'user', values: ['42'], dryRun: true },
    ],
    [
      { kind: 'scope', which: ' team  acme member ' },
      { scope: 'team', values: ['acme', 'member'], dryRun: true },
    ],
    [
      { kind: 'keys', which: 'page:welcome team-report' },
      { keys: ['page:welcome', 'team-report'], dryRun: true },
    ],
    [
      { kind: 'route', which: 'orders' },
      { route: 'orders', dryRun: true },
    ],
  ])('%o purges %o', (fields, order) => {
    expect(purgeOrder(form(fields))).toEqual(order);
  });

  test('a scope without a value is not sent', () => {
    expect(() => purgeOrder(form({ kind: 'scope', which: 'user' }))).toThrow('user 42');
  });

  test('headers are read line by line', () => {
    const fields = { method: 'GET', path: '/api/orders', headers: 'Cookie: a=1; b=c:d\n\n X-Odd :2\r\n' };
    const headers = { cookie: 'a=1; b=c:d', 'x-odd': '2' };
    expect(explainOrder(form(fields))).toEqual({ method: 'GET', path: '/api/orders', headers });
    expect(() => explainOrder(form({ ...fields, headers: 'no header' }))).toThrow('no header');
    const more = {
      ...fields,
      headers: 'Cookie: a=1\ncookie: b=2',
      status: '404',
      responseHeaders: 'Cache-Control: max-age=1',
      showValues: 'on',
    };
    expect(explainOrder(form(more))).toEqual({
      method: 'GET',
      path: '/api/orders',
      headers: { cookie: ['a=1', 'b=2'] },
      status: 404,
      responseHeaders: { 'cache-control': 'max-age=1' },
      showValues: true,
    });
  });

  test.each([
    [200, '{"purged":["user:42"]}', { ok: true, content: { purged: ['user:42'] } }],
    [
      401,
      '{"title":"Unauthorized","code":"ERR_OPERATOR"}',
      { ok: false, problem: '401: Unauthorized (ERR_OPERATOR)' },
    ],
    [503, '{"error":"no token"}', { ok: false, problem: '503: no token' }],
    [404, '{"title":"Not found"}', { ok: false, problem: expect.stringMatching(/no \/\.edge\/explain/) }],
    [502, '<html>', { ok: false, problem: '502: no reason given' }],
  ])('an answer %i %s is told in words', (status, text, told) => {
    expect(operated('explain', status, text)).toEqual(told);
  });
});
