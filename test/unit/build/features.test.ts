import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FEATURES } from '../../../src/build/features.ts';

const src = path.resolve(import.meta.dirname, '../../../src');
const MODULES = FEATURES.flatMap(({ modules, isDefault }) =>
  Object.entries(modules).map(([module, absent]) => ({ module, absent, isDefault })),
);

/** Names of the functions that a module exports. */
async function functionsOf(file: string): Promise<string[]> {
  const all: Record<string, unknown> = await import(path.join(src, `${file}.ts`));
  return Object.keys(all)
    .filter((name) => typeof all[name] === 'function' || name === 'default')
    .sort();
}

describe.each(MODULES)('what stands in the place of $module', ({ module, absent, isDefault }) => {
  it('exports all that is asked of it', async () => {
    const inPlace = await functionsOf(path.join(path.dirname(module), absent));
    expect(inPlace).toEqual(isDefault ? ['default'] : await functionsOf(module));
  });
});
