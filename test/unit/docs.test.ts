import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { surrogateKey } from '../../src/keys/surrogate-key.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const documents = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file)),
];

/** The anchors of a page's headings, as GitHub and VitePress make them. */
const headingsOf = (file: string) =>
  new Set(
    [...read(file).matchAll(/^#{1,6} (.*)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );

describe('documents', () => {
  test.each(documents)('every relative link of %s leads to a file', (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      ([, link]) => link ?? '',
    );
    const missing = links.filter((link) => !existsSync(path.join(root, path.dirname(file), link)));
    expect(missing).toEqual([]);
  });

  test.each(documents)('every link of %s to a heading leads to one', (file) => {
    const links = [...read(file).matchAll(/\]\(((?!https?:)[^)#\s]*)#([^)\s]+)\)/g)];
    const broken = links.filter(([, link = '', heading = '']) => {
      const target = link === '' ? file : path.join(path.dirname(file), link);
      return !headingsOf(target).has(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test.each(documents)('every npm script that %s names exists', (file) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(file).matchAll(/`?npm (?:run )?(start|test|[a-z]+(?::[a-z-]+)+|conformance)\b/g)];
    expect(named.map(([, name]) => name).filter((name) => !(String(name) in scripts))).toEqual([]);
  });

  // The log of changes names what is gone, too.
  const current = documents.filter((file) => file !== 'CHANGELOG.md');
  test.each(current)('every command of claimcache that %s names exists', (file) => {
    const world = { out: () => {}, err: () => {}, columns: 80 };
    const program = createProgram({ world, exit: () => {} } as unknown as Parameters<
      typeof createProgram
    >[0]);
    const commands = new Set(program.commands.map((command) => command.name()));
    const named = [...read(file).matchAll(/(?:^|`|npx )claimcache ([a-z-]+)/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(named.filter((name) => !commands.has(name))).toEqual([]);
  });

  test('the code refers to no document and no heading that is not there', () => {
    const files = ['src', 'cli', 'scripts', 'demo'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true })
        .map((file) => path.join(folder, String(file)))
        .filter((file) => file.endsWith('.ts') && !file.includes('node_modules')),
    );
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/(docs\/[\w/-]+\.md)(?:#([\w-]+))?/g)].map(
        ([, page = '', heading]) => [page, heading] as const,
      ),
    );
    const missing = named.filter(
      ([page, heading]) =>
        !existsSync(path.join(root, page)) || (heading !== undefined && !headingsOf(page).has(heading)),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/concepts/purging.md', () => {
  test('its vectors of surrogate keys are true', () => {
    const rows = [
      ...read('docs/concepts/purging.md').matchAll(/^\| (\w+) \| ((?:`[^`]+`(?:, )?)+) \| `([^`]+)` \|$/gm),
    ];
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const [, scope = '', values = '', key] of rows) {
      const parsed = JSON.parse(`[${values.replaceAll('`', '').replaceAll('\\|', '|')}]`);
      expect(surrogateKey(scope, parsed)).toBe(key);
    }
  });
});

describe('docs/concepts/security.md and docs/proof/faults.md', () => {
  test.each(['docs/concepts/security.md', 'docs/proof/faults.md'])(
    'every test that %s names exists',
    (file) => {
      const cells = read(file)
        .split('\n')
        .flatMap((line) => (line.startsWith('| ') ? (line.split('|').at(-2) ?? '') : []));
      const named = cells.flatMap((cell) =>
        [...cell.matchAll(/`([a-z][a-z/-]+)`/g)].map(([, name]) => name ?? ''),
      );
      const missing = named.filter((name) => {
        const at = path.join(
          root,
          'test',
          name.includes('/') || name === 'cache-tests' ? name : `edge/${name}`,
        );
        return !existsSync(at) && !existsSync(`${at}.test.ts`);
      });
      expect(missing).toEqual([]);
      expect(named.length).toBeGreaterThan(20);
    },
  );
});
