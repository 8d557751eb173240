import type { Test } from './conditions.ts';

/** Where a statement holds, if it holds by path alone. */
export function globsOf(tests: readonly Test[]): readonly string[] | null {
  if (tests.length === 0) return ['*'];
  const [test] = tests;
  return tests.length === 1 && test?.kind === 'path' && !test.isNegated && test.isExact ? test.globs : null;
}
