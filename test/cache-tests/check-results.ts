import type { TestEngine } from '../support/test-engine.ts';
import { KNOWN_FAILURES, KNOWN_SKIPS } from './known-failures.ts';
import { isForbiddenReuse, type Result } from './suite.ts';

/** What is wrong with the results on an engine; nothing, where each is as known-failures.ts says. */
export function checkResults(
  engine: TestEngine,
  counted: readonly Result[],
  notCounted: readonly Result[],
): readonly string[] {
  const required = counted.filter(({ kind }) => kind === 'required');
  const failed = required.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  const skipped = required.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id);
  const reused = counted.filter(isForbiddenReuse).map(({ id }) => id);
  const known = Object.keys(KNOWN_FAILURES);
  const complaints: readonly (readonly [string, readonly string[]])[] = [
    ['A response was reused that must not be', reused],
    ['Required, and neither passed nor explained', without(failed, known)],
    ['Required, and skipped without an explanation', without(skipped, KNOWN_SKIPS[engine])],
    [
      'Explained as failing, but did not fail',
      [
        ...without(known, failed),
        ...notCounted.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id),
      ],
    ],
    ['Explained as skipped, but was not', without(KNOWN_SKIPS[engine], skipped)],
  ];
  return complaints.filter(([, ids]) => ids.length > 0).map(([text, ids]) => `${text}: ${ids.join(', ')}`);
}

function without(ids: readonly string[], others: readonly string[]): readonly string[] {
  return ids.filter((id) => !others.includes(id));
}
