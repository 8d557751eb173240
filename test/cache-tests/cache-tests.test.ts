import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import { loggedEngine, testEngine } from '../support/test-engine.ts';
import { checkResults } from './check-results.ts';
import { counts } from './counts.ts';
import { throughService } from './through-service.ts';

let results: Awaited<ReturnType<typeof throughService>>;
beforeAll(async () => {
  results = await throughService(testEngine());
});

describe('http-cache-tests', () => {
  it('reuses nothing that must not be reused, and passes what is required but for what is explained', () => {
    expect(checkResults(testEngine(), results.counted, results.notCounted)).toEqual([]);
  });

  it('passes, fails and skips as many required tests as docs/proof/conformance.md says', () => {
    const { required } = counts(results.counted);
    expect({
      passed: required.passed,
      failed: required.failed.length,
      skipped: required.skipped.length,
    }).toEqual(documented());
  });
});

/** The column of this engine in the table of the docs. */
function documented() {
  const rows = readFileSync(path.join(root, 'docs/proof/conformance.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const column = rows
    .find(([, name]) => name === 'tests')
    ?.findIndex((cell) => cell.includes(`\`${loggedEngine()}\``));
  const count = (outcome: string) =>
    Number(rows.find(([, name]) => name === `required ${outcome}`)?.[column ?? -1]);
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}
