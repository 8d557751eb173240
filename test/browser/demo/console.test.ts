import { describe, expect, test } from 'vitest';
import type { Bucket, Snapshot } from '../../../cli/log/snapshot.ts';
import { chartData, minutes, summary } from '../../../demo/web/src/console/chart-data.ts';
import { operated } from '../../../demo/web/src/console/operate.ts';
import { explainOrder, purgeOrder } from '../../../demo/web/src/console/orders.ts';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const empty: Bucket = { requests: 0, served: 0, asked: 0 };

/** The last 120 buckets of five seconds, of which the newest are these. */
function snapshot(newest: readonly Bucket[]): Snapshot {
  const buckets = [...Array<Bucket>(120 - newest.length).fill(empty), ...newest];
  return { endMs: 600_000, bucketSeconds: 5, buckets } as unknown as Snapshot;
}

describe('the chart', () => {
  test('has a gap where no cache was asked, and requests per second', () => {
    const [times, ratio, rate] = chartData(snapshot([{ requests: 10, served: 3, asked: 4 }, empty]));
    expect(times.slice(-2)).toEqual([590, 595]);
    expect(ratio.slice(-2)).toEqual([75, null]);
    expect(rate.slice(-2)).toEqual([2, 0]);
  });

  test('begins with the first request, and two minutes ago at the latest', () => {
    expect(chartData(snapshot([]))[0]).toHaveLength(24);
    expect(chartData(snapshot([empty]))[0]).toHaveLength(24);
    const busy = { requests: 1, served: 0, asked: 1 };
    expect(chartData(snapshot([busy, ...Array<Bucket>(59).fill(empty)]))[0]).toHaveLength(60);
    expect(chartData(null)).toEqual([[], [], []]);
  });

  test('the table has the same, a minute a line, newest first', () => {
    const rows = minutes(snapshot(Array<Bucket>(24).fill({ requests: 2, served: 1, asked: 2 })));
    expect(rows).toEqual([
      { startMs: 540_000, requests: 24, hitPercent: 50 },
      { startMs: 480_000, requests: 24, hitPercent: 50 },
    ]);
  });

  test('a sentence says what it shows', () => {
    expect(summary(snapshot([{ requests: 10, served: 3, asked: 4 }]))).toMatch(
      /10 requests, hit ratio 75 percent/,
    );
    expect(summary(null)).toMatch(/0 requests, no cache was asked/);
  });
});

describe('the operator’s forms', () => {
  test.each<[Record<string, string>, object]>([
    [
      { kind: 'scope', which: 'user 42' },
      { scope: 'user', values: ['42'], soft: false },
    ],
    [
      { kind: 'scope', which: ' team  acme member ', soft: 'on' },
      { scope: 'team', values: ['acme', 'member'], soft: true },
    ],
    [
      { kind: 'keys', which: 'page:welcome team-report' },
      { keys: ['page:welcome', 'team-report'], soft: false },
    ],
    [
      { kind: 'route', which: 'orders' },
      { route: 'orders', soft: false },
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
