import { describe, expect, it } from 'vitest';
import {
  builtBytes,
  builtFunctions,
  readBudget,
  tooCostly,
  tooDear,
  tooLarge,
  tooManyFunctions,
} from '../../bench/budget/budget.ts';
import { measureCost, measureRefusedSessions } from '../../bench/meter/measure-cost.ts';
import { buildService, SITE_SERVICE } from '../support/build-service.ts';

describe('the service', () => {
  it('is no larger than its budget', () => {
    expect([
      ...tooLarge(builtBytes(), readBudget()),
      ...tooManyFunctions(builtFunctions(), readBudget()),
    ]).toEqual([]);
  });

  // Instructions and host calls of the real service in the real engine: no clock, so no machine is too slow for it.
  it('costs no request more than its budget, and the worst of a kind no more than ten usual ones', async () => {
    const { requests, worst } = await measureCost(await buildService(SITE_SERVICE));
    expect([...tooCostly(requests, readBudget()), ...tooDear(worst, requests)]).toEqual([]);
  });

  it('refuses a session for no more than ten usual rejections, however long and odd it is', async () => {
    const { requests, worst } = await measureRefusedSessions(
      await buildService({ name: 'token-cookies', policy: 'test/edge/policies/token-cookies.ts' }),
    );
    expect(Object.keys(worst).length).toBeGreaterThan(5);
    expect(tooDear(worst, requests)).toEqual([]);
  });
});
