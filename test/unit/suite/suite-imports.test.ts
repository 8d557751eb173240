import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/root.ts';
import { waysTo } from './reached-from.ts';

const SOURCE = /\.(?:[cm]?[jt]s|tsx)$/;
/** What rests on the demo: its own tests. */
const OF_THE_DEMO = /^test\/browser\//;
const isDemo = (file: string) => /^(?:demo|service)(?:\/|$)/.test(file);

function read(file: string): string | null {
  const at = path.join(root, file);
  return statSync(at, { throwIfNoEntry: false })?.isFile() ? readFileSync(at, 'utf8') : null;
}

const files = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map((file) => path.posix.join('test', file.replaceAll(path.sep, '/')))
  .filter((file) => SOURCE.test(file) && !OF_THE_DEMO.test(file));

describe('the suite', () => {
  it('imports nothing of the demo outside of test/browser, not by another module either', () => {
    expect(files.length).toBeGreaterThan(250);
    expect(waysTo([...files, 'vitest.config.ts'], isDemo, read)).toEqual([]);
  });

  it('names no file of the demo to build, to start or to read', () => {
    const named = files
      .filter((file) => !/^test\/(?:publish|unit\/suite)\//.test(file))
      .flatMap((file) =>
        [...(read(file) ?? '').matchAll(/['"`](?:\.{1,2}\/)*((?:demo|service)\/[^'"`\n]*)['"`]/g)].map(
          ([, name]) => `${file}: ${name}`,
        ),
      );
    expect(named).toEqual([]);
  });
});

describe('the way to a file', () => {
  const tree: Record<string, string> = {
    'test/unit/direct.test.ts': "import policy from '../../service/policy.ts';",
    'test/unit/far.test.ts': "import { start } from '../support/start.ts';",
    'test/unit/type.test.ts': "import type { Person } from '../../demo/origin/people.ts';",
    'test/unit/late.test.ts': "const { keys } = await import('../../scripts/keys.ts');",
    'test/unit/none.test.ts': "// import '../../demo/web/main.ts'\nimport 'demo/package.ts';",
    'test/support/start.ts': "export { start } from '../../scripts/keys.ts';",
    'scripts/keys.ts': "import '../demo/origin/people.ts';",
  };
  const ways = (file: string) => waysTo([file], isDemo, (name) => tree[name] ?? null);

  it.each([
    ['test/unit/direct.test.ts', 'service/policy.ts'],
    ['test/unit/far.test.ts', 'test/support/start.ts -> scripts/keys.ts -> demo/origin/people.ts'],
    ['test/unit/type.test.ts', 'demo/origin/people.ts'],
    ['test/unit/late.test.ts', 'scripts/keys.ts -> demo/origin/people.ts'],
  ])('of %s is found: %s', (file, way) => {
    expect(ways(file)).toEqual([`${file} -> ${way}`]);
  });

  it('is none in a comment or in a package of that name', () => {
    expect(ways('test/unit/none.test.ts')).toEqual([]);
  });
});
