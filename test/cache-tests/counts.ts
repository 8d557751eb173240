import type { Kind, Result } from './suite.ts';

/** How many passed, and the ids of the others. */
export function counts(all: readonly Result[]) {
  const ids = (kind: Kind, outcome: Result['outcome']) =>
    all.filter((result) => result.kind === kind && result.outcome === outcome).map(({ id }) => id);
  const of = (kind: Kind) => ({
    passed: ids(kind, 'passed').length,
    failed: ids(kind, 'failed'),
    skipped: ids(kind, 'skipped'),
  });
  return { required: of('required'), optimal: of('optimal'), check: of('check') };
}

/** Prints the counts as a table, and what failed. */
export function summarise(all: readonly Result[]): void {
  const table = counts(all);
  console.log('\n| kind | passed | failed | skipped |\n| --- | --- | --- | --- |');
  for (const kind of ['required', 'optimal', 'check'] as const) {
    const { passed, failed, skipped } = table[kind];
    console.log(`| ${kind} | ${passed} | ${failed.length} | ${skipped.length} |`);
  }
  for (const { id, name, kind, message, outcome } of all) {
    if (outcome === 'failed' && kind !== 'check') console.log(`${kind} ${id}: ${name}\n    ${message}`);
  }
}
