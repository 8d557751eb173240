import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtBytes, readBudget, tooCostly, tooLarge } from '../../bench/budget/budget.ts';
import { measureCost } from '../../bench/meter/measure-cost.ts';
import { root } from '../../scripts/root.ts';

describe('the service', () => {
  it('is no larger than its budget', () => {
    expect(tooLarge(builtBytes(), readBudget())).toEqual([]);
  });

  // Instructions and host calls of the real service in the real engine: no clock, so no machine is too slow for it.
  it('costs no request more than its budget', async () => {
    expect(tooCostly(await measureCost(path.join(root, 'bin/main.wasm')), readBudget())).toEqual([]);
  });
});
