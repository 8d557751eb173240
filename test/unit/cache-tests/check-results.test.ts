import { describe, expect, test } from 'vitest';
import { checkResults } from '../../cache-tests/check-results.ts';
import { KNOWN_FAILURES, KNOWN_SKIPS, NOT_COUNTED } from '../../cache-tests/known-failures.ts';
import { isForbiddenReuse, type Result } from '../../cache-tests/suite.ts';

const result = (id: string, outcome: Result['outcome'], message = ''): Result => ({
  id,
  group: 'group',
  name: id,
  kind: 'required',
  needs: [],
  outcome,
  message,
});
const expected = [
  result('fine', 'passed'),
  ...Object.keys(KNOWN_FAILURES).map((id) => result(id, 'failed')),
  ...KNOWN_SKIPS.core.map((id) => result(id, 'skipped')),
];
const notCounted = Object.keys(NOT_COUNTED).map((id) => result(id, 'failed'));
const [explained = ''] = Object.keys(KNOWN_FAILURES);
const [skipped = ''] = KNOWN_SKIPS.core;
const [ignored = ''] = Object.keys(NOT_COUNTED);
const passing = (id: string) => (one: Result) => (one.id === id ? result(id, 'passed') : one);

describe('results of http-cache-tests', () => {
  test('as known-failures.ts has them give no complaint', () => {
    expect(checkResults('core', expected, notCounted)).toEqual([]);
  });

  test.each([
    ['a failure that is not explained', [...expected, result('new', 'failed')], 'nor explained: new'],
    ['a skip that is not explained', [...expected, result('new', 'skipped')], 'without an explanation: new'],
    ['an explained failure that passes', expected.map(passing(explained)), `did not fail: ${explained}`],
    ['an explained skip that passes', expected.map(passing(skipped)), `but was not: ${skipped}`],
    [
      'a forbidden reuse',
      [...expected, result('new', 'failed', 'Assertion: Response 2 comes from cache')],
      'must not be: new',
    ],
  ])('with %s give one that names it', (_, counted, text) => {
    expect(checkResults('core', counted, notCounted).join('\n')).toContain(text);
  });

  test('with one that contradicts the standard and passes give one that names it', () => {
    const complaints = checkResults('core', expected, notCounted.map(passing(ignored)));
    expect(complaints.join('\n')).toContain(`did not fail: ${ignored}`);
  });

  test.each([
    ['Assertion: Response 2 comes from cache', true],
    ['Assertion: Response 3 comes from cache (1 on server)', true],
    ['Assertion: Response 2 does not come from cache', false],
    ['Setup: Response 1 status is 503, not 200', false],
  ])('%s: forbidden reuse %s', (message, is) => {
    expect(isForbiddenReuse(result('id', 'failed', message))).toBe(is);
  });
});
