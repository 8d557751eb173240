import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startProgress } from '../../cli/base/progress.ts';
import type { World } from '../../cli/base/world.ts';

/** What somebody hears who waits for a command off a terminal, such as in CI. */
let said: string[];
beforeEach(() => {
  said = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());
const world = (isErrTty = false) =>
  ({ isErrTty, nowMs: () => Date.now(), err: (text: string) => void said.push(text) }) as unknown as World;

it('each step is a line where steps are long, and a long step is a line every ten seconds', () => {
  let requests = 7;
  const progress = startProgress(world(), 'audit', 3, {
    isEachTold: true,
    within: () => `${requests} requests so far`,
  });
  progress.show(0, '/api/orders');
  vi.advanceTimersByTime(9_000);
  expect(said).toEqual(['audit: 0/3 /api/orders, 7 requests so far\n']);
  requests = 120;
  vi.advanceTimersByTime(2_000);
  progress.show(1, '/pages\u001b[2J');
  expect(said.slice(1)).toEqual([
    'audit: 0/3 /api/orders, 120 requests so far\n',
    'audit: 1/3 /pages?[2J, 120 requests so far\n',
  ]);
  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(3);
});

it('many short steps are a line every ten seconds', () => {
  const progress = startProgress(world(), 'purge', 100);
  for (let done = 0; done < 100; done++) {
    progress.show(done);
    vi.advanceTimersByTime(250);
  }
  progress.end();
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^purge: \d+\/100\n$/);
});

it('on a terminal it is a bar, and nothing else', () => {
  const progress = startProgress(world(true), 'audit', 2, { isEachTold: true });
  progress.show(1, '/a');
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual([expect.stringContaining('1/2  /a')]);
});
