import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grow } from '../../../cli/log/grow.ts';
import type { LiveNews } from '../../../cli/log/live-news.ts';
import { createLiveWindow } from '../../../cli/log/live-window.ts';
import { readLogLine } from '../../../cli/log/read-log-line.ts';
import { requestsOf } from '../../../cli/log/sums.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

/** What the console knows beside the log. */
const BESIDE: Pick<LiveNews, 'isEnded' | 'facts'> = {
  isEnded: false,
  facts: { routes: {}, home: null, switches: 'shown' },
};

function line(fields: Partial<LogRecord> = {}): string {
  return JSON.stringify({
    v: 1,
    time: new Date(NOW).toISOString(),
    requestId: 'r',
    method: 'GET',
    route: 'orders',
    lane: 'scoped',
    state: 'HIT',
    reason: 'scope-verified',
    detail: 'fresh',
    status: 200,
    ageSeconds: 1,
    originMs: null,
    totalMs: 2,
    ...fields,
  });
}

/** The window, fed with lines as the console feeds it. */
function windowNow(nowMs = NOW) {
  const window = createLiveWindow(() => nowMs);
  const read = (text: string) => {
    const record = readLogLine(text);
    return record !== null && window.take(record);
  };
  return { read, state: window.state, news: window.news, ordered: window.ordered };
}

describe('the live window', () => {
  test('counts states, what the origin was spared, and each route in each lane', () => {
    const window = windowNow();
    window.read(line());
    window.read(line({ state: 'MISS', originMs: 40 }));
    window.read(line({ state: 'MISS', originMs: 60 }));
    window.read(line({ state: 'STALE' }));
    window.read(line({ state: 'BYPASS', lane: 'pass', originMs: 5 }));
    window.read(line({ state: 'ERROR', lane: 'reject', route: null, status: 401 }));
    const { totals, routes, slots } = window.state();
    expect(totals).toMatchObject({ HIT: 1, MISS: 2, STALE: 1, BYPASS: 1, ERROR: 1, saved: 2, failures: 0 });
    expect(slots).toHaveLength(1);
    expect(slots[0]).toMatchObject({ MISS: 2, origin: 3, originMs: 105 });
    expect(routes.map(({ route, lane, slots: [slot] }) => [route, lane, slot?.originMs])).toEqual([
      ['orders', 'scoped', 100],
      ['orders', 'pass', 5],
      ['(refused)', 'reject', undefined],
    ]);
  });

  test('tells why a route did not answer from the cache', () => {
    const window = windowNow();
    window.read(line({ state: 'MISS', detail: 'no-store', originMs: 40 }));
    window.read(line({ state: 'MISS', detail: 'no-store', originMs: 40 }));
    window.read(line({ state: 'BYPASS', lane: 'pass', reason: 'cms-cookie', detail: '', originMs: 5 }));
    expect(window.state().causes).toMatchObject([
      { state: 'MISS', route: 'orders', detail: 'no-store', slots: [{ MISS: 2 }] },
      { state: 'BYPASS', route: 'orders', reason: 'cms-cookie', slots: [{ BYPASS: 1 }] },
    ]);
  });

  test('news are what has come since, and the page that grows by them is the state', () => {
    const window = windowNow();
    window.read(line({ requestId: 'a' }));
    let page = { ...window.state(), ...BESIDE };
    window.read(line({ requestId: 'b', state: 'MISS', originMs: 4 }));
    window.read(line({ requestId: 'c', time: new Date(NOW - 60_000).toISOString(), route: 'pages' }));
    for (const expected of [2, 0]) {
      const news = { ...window.news(), ...BESIDE };
      expect(news.requests.filter(({ requestId }) => requestId !== 'a')).toHaveLength(expected);
      page = grow(page, news);
      expect(page).toEqual({ ...window.state(), ...BESIDE });
    }
  });

  test('of more than it keeps it tells how many it has left out', () => {
    const window = windowNow();
    for (let i = 0; i < 3000; i++) window.read(line());
    const { requests, skipped } = window.news();
    expect([requests.length, skipped, requests.at(-1)?.seq]).toEqual([1000, 2000, 3000]);
    expect(window.news()).toMatchObject({ requests: [], skipped: 0, slots: [] });
  });

  test('an order of this console and its line in the log are one purge', () => {
    const operator = { lane: 'operator' as const, state: 'BYPASS' as const, reason: 'operator', purged: 1 };
    for (const isLogFirst of [true, false]) {
      const window = windowNow();
      const log = () => window.read(line({ ...operator, requestId: 'p' }));
      if (isLogFirst) log();
      window.ordered({ keys: ['user:42'], soft: true, timeMs: NOW + 50 });
      if (!isLogFirst) log();
      window.read(line({ ...operator, requestId: 'q', purged: 2 }));
      window.read(line({ state: 'BYPASS', reason: 'scope-write', purged: 1 }));
      expect(window.state().purges).toMatchObject([
        { by: 'operator', count: 2, keys: null },
        { by: 'write', count: 1 },
        { by: 'console', keys: ['user:42'], soft: true, requestId: 'p' },
      ]);
    }
  });

  test('a line of the page has what the log tells, and nothing of another shape', () => {
    const window = windowNow();
    window.read(line({ unkeyedVary: ['X-Inertia'], code: null, notes: [], verifyMs: 0, purged: 0 }));
    window.read(line({ unkeyedVary: 'x' as never, provider: 1 as never, observed: 'odd' as never }));
    const [first, second] = window.state().requests;
    expect(first).toMatchObject({ unkeyedVary: ['X-Inertia'], verifyMs: 0 });
    for (const name of ['code', 'notes', 'purged', 'originMs']) expect(first).not.toHaveProperty(name);
    for (const name of ['unkeyedVary', 'provider', 'observed']) expect(second).not.toHaveProperty(name);
  });

  test('the operator’s own requests, and second lines of a request, are no requests', () => {
    const window = windowNow();
    expect(window.read(line({ lane: 'operator', state: 'BYPASS' }))).toBe(false);
    expect(window.read(line({ reason: 'background', state: 'ERROR' }))).toBe(false);
    expect(requestsOf(window.state().totals)).toBe(0);
  });

  test.each([
    ['Viceroy', (text: string) => `claimcache :: ${text}`],
    ['a log stream', (text: string) => `2026-01-02T03:04:05Z cache-fra1 ${text}\r`],
    ['fastly log-tail', (text: string) => `stdout | 0331fdea | ${text}`],
  ])('what %s puts around a line does no harm', (_who, wrap) => {
    expect(windowNow().read(wrap(line()))).toBe(true);
  });

  test.each([
    'INFO request{id=0}: response status: 200',
    '{"v":1,"time":',
    '{"v":1,"state":"HIT"}',
    line({ v: 2 as never }),
    line({ state: 'ODD' as never }),
    line({ time: 'now' }),
    line({ totalMs: '1' as never }),
    '',
  ])('a line that is none of the service’s is no matter: %s', (text) => {
    expect(windowNow().read(text)).toBe(false);
  });

  test('nothing that can stand in a line ends it', () => {
    const window = windowNow();
    fc.assert(fc.property(fc.string(), (text) => void window.read(`{"v":1,${text}`)));
    fc.assert(fc.property(fc.json(), (json) => void window.read(line({ cause: json, route: json }))));
  });

  test('an old log is shown as it was, not as an empty present', () => {
    const window = windowNow(NOW + 86_400_000);
    window.read(line());
    const { slots, endMs } = window.state();
    expect(slots).toEqual([{ at: Math.floor(NOW / 5000), HIT: 1, saved: 1, totalMs: 2 }]);
    expect(endMs - NOW).toBeLessThanOrEqual(5000);
  });

  test('an alarm of the leak guard, and a failure, are counted by themselves', () => {
    const window = windowNow();
    window.read(line({ detail: 'leak-guard' }));
    window.read(line({ state: 'ERROR', status: 502 }));
    expect(window.state().totals).toMatchObject({ alarms: 1, failures: 1 });
  });

  test('it stays as small as it is, however long the log and however many its routes', () => {
    const window = windowNow();
    for (let i = 0; i < 20_000; i++) {
      window.read(line({ route: `route-${i}`, time: new Date(NOW + i * 1000).toISOString() }));
    }
    const { slots, routes, requests, totals } = window.state();
    expect(requestsOf(totals)).toBe(20_000);
    expect(slots).toHaveLength(720);
    expect(routes.length).toBeLessThanOrEqual(201);
    expect(routes.map(({ route }) => route)).toEqual(['(others)']);
    expect(requests).toHaveLength(1000);
  });
});
