import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { MEMORY_SKIPS } from '../../conformance/support/memory-skips.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/proof/conformance.md'), 'utf8');

it('docs/proof/conformance.md names every test that the engine in memory is not put to, and why', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+\.test\.ts)` \| (.+?) \| (.+?) \|$/gm)];
  expect(rows.map(([, file, test, why]) => ({ file, test, why }))).toEqual(MEMORY_SKIPS);
});

it('they are few', () => {
  expect(MEMORY_SKIPS.length).toBeLessThan(3);
});
