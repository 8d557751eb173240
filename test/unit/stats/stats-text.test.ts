import pc from 'picocolors';
import { expect, test } from 'vitest';
import { sparkline } from '../../../cli/stats/live-screen.ts';
import { statsText } from '../../../cli/stats/stats-text.ts';
import { createTally } from '../../../cli/stats/tally.ts';

const OPTIONS = { colors: pc.createColors(false), width: null, maxRoutes: 5 };

function line(fields: object): string {
  return JSON.stringify({
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
    originMs: null,
    totalMs: 2,
    ...fields,
  });
}

function textOf(...lines: string[]): string {
  const tally = createTally();
  for (const each of lines) tally.read(each);
  return statsText(tally.report(), OPTIONS);
}

test('a name in a log moves no cursor and changes no colour', () => {
  const text = textOf(
    line({ route: '\u001b[2Jevil\u009b1m', state: 'MISS', detail: '\u001b]0;x\u0007', originMs: 1 }),
  );
  expect(text).toContain('evil');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});

test('an alarm of the leak guard stands in the first line', () => {
  expect(textOf(line({})).split('\n')[0]).toContain('no alarm');
  expect(textOf(line({ detail: 'leak-guard' })).split('\n')[0]).toContain('1 LEAK-GUARD ALARM');
});

test('the numbers of a route stand under their titles', () => {
  const text = textOf(
    line({}),
    line({ state: 'MISS', originMs: 80, totalMs: 90 }),
    line({ status: 401, state: 'ERROR' }),
  );
  expect(text).toMatch(/^route +lane +requests +hit +offload .*why not/m);
  expect(text).toMatch(/^orders +scoped +3 +50\.0 % +50\.0 % .* 1 /m);
});

test('routes beyond the limit are counted, not listed', () => {
  expect(textOf(...Array.from({ length: 8 }, (_, i) => line({ route: `r${i}` })))).toContain('… and 3 more');
});

test('a stretch without requests is blank, and one without hits is not', () => {
  const slots = [
    { at: 30, MISS: 4 },
    { at: 60, MISS: 2, HIT: 2 },
    { at: 90, HIT: 3, STALE: 1 },
  ];
  const endMs = 120 * 5000;
  expect(sparkline({ slots, endMs }, 4)).toBe(' ▁▅█');
  expect(sparkline({ slots, endMs }, 2)).toHaveLength(2);
});
