import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../cli/check/finding.ts';
import type { PathExamples } from '../../cli/check/path-examples.ts';
import { root } from '../../scripts/root.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { routerOf } from '../../src/routing/matchers.ts';
import { runCli } from './support/run-cli.ts';

/** The rows of the table of patterns in docs/reference/policy.md, as a policy's text would have them. */
const rows = readFileSync(path.join(root, 'docs/reference/policy.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| `\/[^|]*\| `\/[^|]*\| `\//.test(line))
  .map((line) => {
    const [pattern = '', matches = '', not = ''] = line.split(/(?<!\\)\|/).slice(1, 4);
    const codes = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    return [codes(pattern)[0]?.replaceAll('\\\\', '\\') ?? '', codes(matches), codes(not)] as const;
  });

const isMatchedBy = (pattern: string) => {
  const router = routerOf(
    compilePolicy({
      origins: { app: { backend: 'origin' } },
      routes: { it: { path: pattern, lane: 'public' } },
    } as never),
  );
  return (target: string) => router.match(target).name === 'it';
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-patterns-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function checked(routes: Record<string, string>) {
  const file = path.join(folder, `${Object.keys(routes).join('-')}.ts`);
  const list = Object.entries(routes).map(
    ([name, pattern]) => `${name}: { path: ${JSON.stringify(pattern)}, lane: 'public' }`,
  );
  writeFileSync(
    file,
    `export default { origins: { app: { backend: 'origin' } }, routes: { ${list.join(', ')} } };`,
  );
  const run = await runCli(['check', '--policy', file, '--json']);
  return run.json<{ findings: Finding[]; paths: PathExamples[] }>();
}

describe('patterns of paths', () => {
  it('the documentation has a table of them', () => {
    expect(rows.length).toBeGreaterThan(8);
  });

  it.each(rows)(
    '%s matches what the documentation says, and nothing that it excludes',
    (pattern, yes, no) => {
      const isMatched = isMatchedBy(pattern);
      expect([yes.filter((target) => !isMatched(target)), no.filter(isMatched)]).toEqual([[], []]);
    },
  );

  it('check shows of each route two paths that get it, and one that does not', async () => {
    const { paths } = await checked({ one: '/a/:id', rest: '/files/**', only: '/exact', home: '/' });
    for (const { path: pattern, matches, matchesNot } of paths) {
      const isMatched = isMatchedBy(pattern);
      expect(matches.every(isMatched)).toBe(true);
      expect(matchesNot !== null && isMatched(matchesNot)).toBe(false);
    }
    expect(paths.map(({ matches }) => matches.length)).toEqual([2, 2, 1, 1]);
    expect(paths[1]?.matches).toEqual(['/files', '/files/sample']);
    expect(paths[3]).toMatchObject({ matches: ['/'], matchesNot: '/more' });
  });

  it('check warns of a star that takes more than one segment, and of no other pattern', async () => {
    const { findings } = await checked({
      star: '/x/*',
      png: '/images/*.png',
      deep: '/files/**',
      one: '/a/:id',
      constrained: '/b/:f(.*\\.png)',
    });
    const warned = findings.filter(({ code }) => code === 'PATTERN_TAKES_SLASHES').map(({ where }) => where);
    expect(warned).toEqual(['routes.star.path', 'routes.png.path']);
  });
});
