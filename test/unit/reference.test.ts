import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { referencePages } from '../../scripts/docs-reference.ts';
import { root } from '../../scripts/root.ts';

const pages = referencePages();

it.each([...pages.keys()])('%s is what the code says: otherwise run npm run docs:reference', (file) => {
  expect(readFileSync(path.join(root, file), 'utf8')).toBe(pages.get(file));
});

it('has every setting, every command, and what every entry of the package exports', () => {
  const rows = (file: string) => [...(pages.get(file) ?? '').matchAll(/^\| `|^#{2,3} /gm)].length;
  expect(rows('docs/reference/settings.md')).toBeGreaterThan(150);
  expect(rows('docs/reference/options.md')).toBeGreaterThan(80);
  expect(rows('docs/reference/api.md')).toBeGreaterThan(60);
});
