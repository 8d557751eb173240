import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { requestLine } from '../../../cli/dev/request-line.ts';
import { createTally } from '../../../cli/stats/tally.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';

const RECORD: LogRecord = {
  v: 1,
  time: '2026-01-02T03:04:05.000Z',
  requestId: 'r',
  method: 'GET',
  route: 'orders',
  lane: 'scoped',
  state: 'HIT',
  reason: 'scope-verified',
  detail: 'fresh',
  status: 200,
  code: null,
  cause: null,
  ttlSeconds: 300,
  ageSeconds: 1,
  originMs: null,
  verifyMs: 1,
  vcpuMs: 2,
  totalMs: 2,
  provider: 'app',
  algorithm: 'HS256',
  fingerprint: null,
  engine: 'core',
  localCache: false,
  purged: 0,
  notes: [],
  unkeyedVary: [],
  strippedCookies: [],
  refusedCookies: 0,
  observed: null,
  tier: 'edge',
  shield: null,
};
const MISS = { state: 'MISS', detail: 'stored', originMs: 40, totalMs: 50 } as const;
const refused = (code: LogRecord['code'], status = 401) =>
  ({ lane: 'reject', state: 'ERROR', reason: 'error', detail: '', status, code }) as const;

function reportOf(...lines: (Partial<LogRecord> | string)[]) {
  const tally = createTally();
  for (const line of lines) {
    tally.read(typeof line === 'string' ? line : JSON.stringify({ ...RECORD, ...line }));
  }
  return tally.report();
}

describe('the numbers of a log', () => {
  test('the hit ratio counts what a cache was asked for, the offload every answer that was none of a refusal', () => {
    const bypass = { lane: 'pass', state: 'BYPASS', originMs: 5 } as const;
    const { totals } = reportOf({}, {}, { state: 'STALE' }, MISS, bypass, refused('ERR_TOKEN_EXPIRED'));
    expect(totals).toMatchObject({ requests: 6, hitRatio: 0.75, originRequests: 2, originOffload: 0.6 });
  });

  test('of nothing there is no ratio', () => {
    const { totals, from, routes } = reportOf();
    expect([totals.hitRatio, totals.originOffload, totals.latencyMs, from, routes]).toEqual([
      null,
      null,
      null,
      null,
      [],
    ]);
  });

  test('refusals are counted by code, the origin’s own 401 apart, and other failures by status and code', () => {
    const { totals } = reportOf(
      refused('ERR_TOKEN_EXPIRED'),
      refused('ERR_TOKEN_EXPIRED'),
      refused('ERR_TOKEN_SIGNATURE'),
      { lane: 'pass', state: 'BYPASS', status: 401, originMs: 4 },
      refused('ERR_KEYS_UNAVAILABLE', 503),
      { status: 500, originMs: 4, state: 'MISS' },
    );
    expect(totals.unauthorized).toEqual([
      { name: 'ERR_TOKEN_EXPIRED', count: 2 },
      { name: 'ERR_TOKEN_SIGNATURE', count: 1 },
      { name: 'origin', count: 1 },
    ]);
    expect(totals.failures).toEqual([
      { name: '500 origin', count: 1 },
      { name: '503 ERR_KEYS_UNAVAILABLE', count: 1 },
    ]);
    expect(totals.status).toEqual({ '2xx': 0, '3xx': 0, '4xx': 4, '5xx': 2 });
  });

  test('each route in each lane has numbers of its own, and why it did not come from the cache', () => {
    const { routes } = reportOf({}, MISS, { ...MISS, detail: 'set-cookie' }, MISS, {
      lane: 'pass',
      state: 'BYPASS',
      reason: 'cms-cookie',
      detail: '',
      originMs: 9,
    });
    expect(
      routes.map(({ route, lane, requests, hitRatio, why }) => [route, lane, requests, hitRatio, why]),
    ).toEqual([
      [
        'orders',
        'scoped',
        4,
        0.25,
        [
          { name: 'scope-verified, stored', count: 2 },
          { name: 'scope-verified, set-cookie', count: 1 },
        ],
      ],
      ['orders', 'pass', 1, null, [{ name: 'cms-cookie', count: 1 }]],
    ]);
  });

  test('the operator’s requests and second lines are counted as lines, and nowhere else', () => {
    const { lines, totals } = reportOf(
      {},
      { lane: 'operator' },
      { reason: 'background', state: 'ERROR' },
      { tier: 'shield', state: 'MISS' },
      'noise',
    );
    expect(lines).toEqual({ read: 5, requests: 1, operator: 1, background: 1, shield: 1, foreign: 1 });
    expect(totals.requests).toBe(1);
  });

  test('alarms, purged keys and notes add up', () => {
    const { totals } = reportOf(
      { detail: 'leak-guard' },
      { purged: 3 },
      { notes: ['set-cookie'] },
      { purged: 2 },
    );
    expect(totals).toMatchObject({ leakGuard: 1, purgedKeys: 5, notes: [{ name: 'set-cookie', count: 1 }] });
  });

  test('percentiles are right to 1 %, whatever the durations', () => {
    const durations = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(durations, (list) => {
        const { latencyMs } = reportOf(...list.map((totalMs) => ({ totalMs }))).totals;
        const sorted = [...list].sort((a, b) => a - b);
        for (const [name, quantile] of [
          ['p50', 0.5],
          ['p90', 0.9],
          ['p99', 0.99],
        ] as const) {
          // The value at the nearest rank.
          const exact = sorted[Math.max(1, Math.round(quantile * sorted.length)) - 1] ?? 0;
          // To 1 %, and to the hundredth of a millisecond that is shown.
          expect(Math.abs((latencyMs?.[name] ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.0101 + 0.006);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a log that makes up routes, codes and reasons has no more rows for it', () => {
    const tally = createTally();
    for (let i = 0; i < 30_000; i++) {
      const made = {
        route: `r${i}`,
        code: `ERR_${i}`,
        status: 401,
        detail: `d${i}`,
        notes: [`n${i}`],
        state: 'MISS',
      };
      tally.read(JSON.stringify({ ...RECORD, ...made }));
    }
    const { routes, totals } = tally.report();
    expect(routes).toHaveLength(201);
    expect(routes[0]).toMatchObject({ route: '(others)', requests: 29_800 });
    expect(routes[0]?.why.length).toBeLessThanOrEqual(21);
    expect(totals.unauthorized).toHaveLength(101);
    expect(totals.notes).toHaveLength(101);
  });

  test('nothing that can stand in a line breaks a number', () => {
    const odd = fc.constantFrom('1e999', '-1', '"1"', 'null', '{}', '[1]', 'true', '1e308', '"\\u001b[2J"');
    const field = fc.constantFrom(...(Object.keys(RECORD) as (keyof LogRecord)[]));
    fc.assert(
      fc.property(fc.array(fc.tuple(field, odd), { maxLength: 5 }), (changes) => {
        let line = JSON.stringify(RECORD);
        for (const [name, value] of changes) {
          line = line.replace(
            new RegExp(`"${name}":(?:"[^"]*"|[^,}\\[]+|\\[\\])`),
            () => `"${name}":${value}`,
          );
        }
        const report = reportOf(line, {});
        const numbers = JSON.stringify(report).match(/NaN|Infinity/g);
        expect(numbers).toBeNull();
        expect(report.totals.latencyMs?.p99).toBeTypeOf('number');
        expect(Number.isFinite(report.totals.latencyMs?.mean)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what `claimcache dev` prints', () => {
  const records: Partial<LogRecord>[] = [
    MISS,
    {},
    { route: null, ...refused('ERR_TOKEN_EXPIRED'), ageSeconds: null },
    {
      lane: 'pass',
      state: 'BYPASS',
      reason: 'fallback-cookie',
      detail: 'PHPSESSID',
      ageSeconds: null,
      originMs: 9,
    },
    { lane: 'pass', state: 'BYPASS', reason: 'preflight', detail: 'answered', ageSeconds: null },
    { lane: 'operator', state: 'BYPASS', reason: 'operator', detail: '', ageSeconds: null },
    { ...refused('ERR_ORIGIN_TIMEOUT', 504), lane: 'pass' },
  ];
  const facts = (report: ReturnType<typeof reportOf>) => {
    const { requests, states, hitRatio, originRequests, originOffload, status, unauthorized, failures } =
      report.totals;
    return {
      lines: report.lines,
      requests,
      states,
      hitRatio,
      originRequests,
      originOffload,
      status,
      unauthorized,
      failures,
    };
  };

  test.each([
    ['for a person', false],
    ['in colours', true],
  ])('%s has the numbers of the log itself', (_, colours) => {
    const lines = records.map((record) =>
      requestLine({ ...RECORD, ...record, path: '/api/orders' } as never, pc.createColors(colours)),
    );
    expect(facts(reportOf(...lines))).toEqual(facts(reportOf(...records)));
    expect(reportOf(...lines).routes[0]?.route).toBe('/api/orders');
  });

  test('as JSON, with all that the log says', () => {
    const lines = records.map((record) =>
      JSON.stringify({ event: 'request', ...RECORD, ...record, path: '/api/orders' }),
    );
    expect(reportOf(...lines)).toEqual(reportOf(...records));
    const others = [
      '{"event":"ready","url":"http://127.0.0.1:7676"}',
      'Building the service …',
      '  curl -i http://127.0.0.1',
    ];
    expect(reportOf(...others).lines).toMatchObject({ requests: 0, foreign: 3 });
  });
});
