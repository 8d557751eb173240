import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { referencePages } from '../../scripts/docs-reference.ts';
import { membersOf } from '../../scripts/reference/documented.ts';
import { DETAILS } from '../../scripts/reference/logs.ts';
import { pagesWithParts } from '../../scripts/reference/parts.ts';
import { root } from '../../scripts/root.ts';

const pages = referencePages();

it.each([...pages, ...pagesWithParts()])(
  '%s is what the code says: otherwise run npm run docs:reference',
  (file, text) => {
    expect(readFileSync(path.join(root, file), 'utf8')).toBe(text);
  },
);

it('has every setting, every command, and what every entry of the package exports', () => {
  const rows = (file: string) => [...(pages.get(file) ?? '').matchAll(/^\| `|^#{2,3} /gm)].length;
  expect(rows('docs/reference/settings.md')).toBeGreaterThan(150);
  expect(rows('docs/reference/options.md')).toBeGreaterThan(80);
  expect(rows('docs/reference/api.md')).toBeGreaterThan(60);
  expect(rows('docs/reference/errors.md')).toBeGreaterThan(70);
  expect(rows('docs/reference/logs.md')).toBeGreaterThan(100);
  expect(rows('docs/reference/headers.md')).toBeGreaterThan(40);
});

it('says of every word that the sources write as `detail` what it means', () => {
  const logs = pages.get('docs/reference/logs.md') ?? '';
  const words = ['cache', 'request'].flatMap((folder) =>
    readdirSync(path.join(root, 'src', folder), { recursive: true })
      .map((name) => path.join(root, 'src', folder, String(name)))
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [
        ...readFileSync(name, 'utf8').matchAll(
          /(?:detail(?:: | = )|fetchAlone\(task, calls, |backgroundLog\(record, )(?:[^,;']*\? )?'([a-z-]+)'/g,
        ),
      ])
      .map(([, word = '']) => word),
  );
  expect(new Set(words).size).toBeGreaterThan(12);
  expect(words.filter((word) => !logs.includes(`| \`${word}\` |`))).toEqual([]);
  expect(Object.keys(DETAILS).filter((word) => !words.includes(word))).toEqual([]);
});

it('has the fields of the schema', () => {
  const schema = JSON.parse(readFileSync(path.join(root, 'docs/reference/log-line.schema.json'), 'utf8'));
  const names = (type: string) => membersOf('src/request/log-record.ts', type).map(({ name }) => name);
  expect(Object.keys(schema.properties)).toEqual(names('LogRecord'));
  expect(Object.keys(schema.properties.observed.properties)).toEqual(names('Observed'));
});
