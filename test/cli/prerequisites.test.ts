import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import semver from 'semver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isInRange } from '../../cli/base/prerequisites.mjs';
import { root } from '../../scripts/root.ts';

let folder: string;

/** What a clone has before anything is installed. */
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-clone-'));
  for (const file of ['package.json', 'package-lock.json', 'cli', 'scripts']) {
    cpSync(path.join(root, file), path.join(folder, file), { recursive: true });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], cwd: string) {
  const { status, stderr } = spawnSync(process.execPath, [...args], { cwd, encoding: 'utf8' });
  return { status, stderr };
}

const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['the command', ['cli/claimcache.mjs', 'check']],
  ['a script', ['--import', './scripts/tsx.mjs', 'scripts/viceroy.ts']],
];

describe.each(COMMANDS)('%s', (_, command) => {
  it('without node_modules says in a sentence what to run', () => {
    const { status, stderr } = run(command, folder);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^(error: )?The dependencies are not installed\. Run: npm ci\n$/),
    ]);
  });
});

describe.each([...COMMANDS, ['npm start', ['scripts/ensure-install.mjs']] as const])('%s', (_, command) => {
  it('on an old Node says in a sentence which are supported', () => {
    const old = path.join(folder, 'old.mjs');
    writeFileSync(
      old,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });",
    );
    const { status, stderr } = run(['--import', old, ...command], folder);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^(error: )?Node 18\.20\.8 is not supported: claimcache needs Node \^20\.19\.0 [^\n]+\n$/,
      ),
    ]);
  });
});

describe('a package that is installed above', () => {
  it('counts: that is where npm puts the dependencies of a dependency', () => {
    const inner = path.join(folder, 'node_modules/claimcache');
    mkdirSync(inner, { recursive: true });
    for (const file of ['package.json', 'cli'])
      cpSync(path.join(folder, file), path.join(inner, file), { recursive: true });
    mkdirSync(path.join(folder, 'node_modules/tsx'), { recursive: true });
    const program =
      "import { missingPrerequisite } from './cli/base/prerequisites.mjs'; console.error(missingPrerequisite());";
    const ask = () => run(['--input-type=module', '-e', program], inner).stderr;
    expect(ask()).toContain('not installed');
    writeFileSync(path.join(folder, 'node_modules/tsx/package.json'), '{}');
    expect(ask()).toBe('null\n');
  });
});

describe('the range of engines', () => {
  it('means what npm takes it for', () => {
    const version = fc.tuple(fc.nat(26), fc.nat(22), fc.nat(3)).map((numbers) => numbers.join('.'));
    const range = fc
      .array(fc.tuple(fc.constantFrom('^', '>='), fc.integer({ min: 1, max: 26 }), fc.nat(22), fc.nat(3)), {
        minLength: 1,
        maxLength: 3,
      })
      .map((parts) => parts.map(([kind, ...numbers]) => `${kind}${numbers.join('.')}`).join(' || '));
    fc.assert(
      fc.property(version, range, (one, many) => {
        expect(isInRange(one, many)).toBe(semver.satisfies(one, many));
      }),
    );
  });
});
