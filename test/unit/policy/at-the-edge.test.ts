import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
/** Imports of values: those of types are gone in the bundle. */
const VALUES = /^(?:import|export)(?! type\b)[^;]*?\bfrom '([^']+)'|^import '([^']+)'/gm;

test('at the edge there is no shape and no check of a policy', () => {
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, from = '', alone = ''] of readFileSync(path.join(root, file), 'utf8').matchAll(VALUES)) {
      const name = from || alone;
      if (name.startsWith('.')) visit(path.join(path.dirname(file), name));
    }
  };
  visit('src/index.ts');
  expect([...files].filter((file) => file.startsWith('src/policy/')).sort()).toEqual([
    'src/policy/claims/claim-path.ts',
    'src/policy/claims/claim-value.ts',
    'src/policy/claims/own.ts',
    'src/policy/claims/required-claims.ts',
    'src/policy/define.ts',
    'src/policy/providers/check-claims.ts',
    'src/policy/providers/is-issued-by.ts',
    'src/policy/purge-hooks/delivery.ts',
    'src/policy/request-fields/cgi-name.ts',
    'src/policy/request-fields/client-address-names.ts',
    'src/policy/request-fields/dangerous-fields.ts',
    'src/policy/request-fields/let-in.ts',
    'src/policy/request-fields/unkeyed-fields.ts',
  ]);
});
