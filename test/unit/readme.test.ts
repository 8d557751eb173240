import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';

const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');

test('the policy of the README compiles, as it stands there', () => {
  const [, source = ''] = /```ts\n(import \{ definePolicy \}[\s\S]*?)```/.exec(readme) ?? [];
  const body = source.replace(/^import .*$/m, '').replace('export default', 'return');
  const policy = new Function('definePolicy', body)((input: unknown) => input);
  expect(Array.from(compilePolicy(policy).routes, ({ name }) => name)).toEqual([
    'orders',
    'payment',
    'report',
    'assets',
  ]);
});
