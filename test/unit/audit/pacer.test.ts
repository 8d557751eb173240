import { expect, test } from 'vitest';
import { BudgetSpent, createPacer } from '../../../cli/audit/pacer.ts';

function clock() {
  let nowMs = 1_000_000;
  return {
    nowMs: () => nowMs,
    sleepMs: async (durationMs: number) => {
      nowMs += durationMs;
    },
    pass: (durationMs: number) => {
      nowMs += durationMs;
    },
  };
}

test('no more than so many requests go out in a second, but for what the last second left over', async () => {
  const world = clock();
  const pacer = createPacer(world, 10, 1000);
  const startMs = world.nowMs();
  for (let i = 0; i < 110; i++) await pacer.turn();
  expect(world.nowMs() - startMs).toBe(10_000);
});

test('a pause saves up one second of turns, not more', async () => {
  const world = clock();
  const pacer = createPacer(world, 10, 1000);
  for (let i = 0; i < 10; i++) await pacer.turn();
  world.pass(60_000);
  const startMs = world.nowMs();
  for (let i = 0; i < 20; i++) await pacer.turn();
  expect(world.nowMs() - startMs).toBe(1000);
});

test('those who ask at the same moment keep the pace, too', async () => {
  const waits: number[] = [];
  const world = { nowMs: () => 0, sleepMs: async (durationMs: number) => void waits.push(durationMs) };
  const pacer = createPacer(world, 2, 1000);
  await Promise.all(Array.from({ length: 6 }, () => pacer.turn()));
  expect(waits).toEqual([500, 1000, 1500, 2000]);
});

test('what is not allowed is not asked', async () => {
  const pacer = createPacer(clock(), 10, 2);
  await pacer.turn();
  await pacer.turn();
  await expect(pacer.turn()).rejects.toBeInstanceOf(BudgetSpent);
  expect(pacer.spent).toBe(2);
});
