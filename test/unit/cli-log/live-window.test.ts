import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLiveWindow } from '../../../cli/log/live-window.ts';
import { readLogLine } from '../../../cli/log/read-log-line.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

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
  return { read, snapshot: window.snapshot };
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
    const { totals, routes } = window.snapshot();
    expect(totals).toMatchObject({ requests: 6, saved: 3, failures: 0 });
    expect(totals.states).toEqual({ HIT: 1, MISS: 2, STALE: 1, BYPASS: 1, ERROR: 1 });
    expect(routes.map(({ route, lane, requests, originMs }) => [route, lane, requests, originMs])).toEqual([
      ['orders', 'scoped', 4, 50],
      ['orders', 'pass', 1, 5],
      ['(refused)', 'reject', 1, null],
    ]);
  });

  test('the operator’s own requests, and second lines of a request, are no requests', () => {
    const window = windowNow();
    expect(window.read(line({ lane: 'operator', state: 'BYPASS' }))).toBe(false);
    expect(window.read(line({ reason: 'background', state: 'ERROR' }))).toBe(false);
    expect(window.snapshot().totals.requests).toBe(0);
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
    const { buckets, endMs } = window.snapshot();
    expect(buckets.at(-1)).toEqual({ requests: 1, served: 1, asked: 1 });
    expect(endMs - NOW).toBeLessThanOrEqual(5000);
  });

  test('an alarm of the leak guard, and a failure, are counted by themselves', () => {
    const window = windowNow();
    window.read(line({ detail: 'leak-guard' }));
    window.read(line({ state: 'ERROR', status: 502 }));
    expect(window.snapshot().totals).toMatchObject({ alarms: 1, failures: 1 });
  });

  test('it stays as small as it is, however long the log and however many its routes', () => {
    const window = windowNow();
    for (let i = 0; i < 20_000; i++) {
      window.read(line({ route: `route-${i}`, time: new Date(NOW + i * 1000).toISOString() }));
    }
    const { buckets, routes, requests, totals } = window.snapshot();
    expect(totals.requests).toBe(20_000);
    expect(buckets).toHaveLength(120);
    expect(routes.length).toBeLessThanOrEqual(201);
    expect(routes[0]).toMatchObject({ route: '(others)', requests: 19_800 });
    expect(requests).toHaveLength(50);
  });
});
