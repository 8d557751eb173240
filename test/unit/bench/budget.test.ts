import { describe, expect, it } from 'vitest';
import { slack, tooCostly, tooDear, tooLarge, tooManyFunctions } from '../../../bench/budget/budget.ts';

const cost = { instructions: 10_000_000, mean: 12_000_000, hostCalls: 50, first: 20_000_000 };
const budget = { bytes: { 'bin/index.js': 200_000 }, functions: 1500, requests: { 'public HIT': cost } };
const judged = (changes: Partial<typeof cost>) =>
  tooCostly({ 'public HIT': { ...cost, ...changes } }, budget);

describe('the budget', () => {
  it('holds for what it was made from, and for the small differences between machines', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ instructions: 10_050_000, mean: 12_100_000 })).toEqual([]);
  });

  it('is exceeded by two per cent more instructions, and says by what and what to do', () => {
    expect(judged({ instructions: 10_200_000 })).toEqual([
      expect.stringMatching(
        /^"public HIT": instructions of the usual request 10200000, 2\.0 % more .* --write$/,
      ),
    ]);
  });

  it('is exceeded by a single host call, and by garbage', () => {
    expect(judged({ hostCalls: 51 })).toHaveLength(1);
    expect(judged({ mean: 12_300_000 })).toHaveLength(1);
  });

  it('is exceeded by what a sandbox does for its first request alone', () => {
    expect(judged({ first: 20_300_000 })).toEqual([]);
    expect(judged({ first: 20_500_000 })).toEqual([expect.stringContaining('the first of a sandbox')]);
  });

  it('is exceeded by one request that costs more than ten of what it is like', () => {
    const worst = (instructions: number) =>
      tooDear({ cookies: { ...cost, instructions, like: 'public HIT' } }, { 'public HIT': cost });
    expect(worst(100_000_000)).toEqual([]);
    expect(worst(101_000_000)).toEqual([expect.stringContaining('10.1 times as much as "public HIT"')]);
    // Of what is like nothing there is no bound that could hold.
    expect(tooDear({ cookies: { ...cost, like: 'gone' } }, {})).toHaveLength(1);
  });

  it('lets no new kind of request through unseen', () => {
    expect(tooCostly({ 'scoped HIT': cost }, budget)).toEqual([expect.stringContaining('has no budget')]);
  });

  it('is exceeded by a file that has grown', () => {
    expect(tooLarge({ 'bin/index.js': 203_000 }, budget)).toEqual([]);
    expect(tooLarge({ 'bin/index.js': 205_000 }, budget)).toEqual([
      expect.stringContaining('205000 bytes, 2.5 % more'),
    ]);
  });

  it('is exceeded by functions, whose owners it tells how to find', () => {
    expect(tooManyFunctions(1515, budget)).toEqual([]);
    expect(tooManyFunctions(1516, budget)).toEqual([expect.stringMatching(/1516 functions.*bench:bundle/)]);
  });

  it('asks to be lowered where it has become too generous', () => {
    expect(slack({ 'public HIT': { ...cost, instructions: 5_000_000 } }, budget)).toHaveLength(1);
    expect(slack({ 'public HIT': cost }, budget)).toEqual([]);
  });
});
