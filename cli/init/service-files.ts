import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compilePolicy } from '../../src/policy/compile.ts';
import { fixedManifest, newManifest } from '../manifest/fix-manifest.ts';
import type { Answers } from './answers.ts';
import { PACKAGE_ROOT, type PackageVersions } from './package-source.ts';
import { policyInput } from './policy-input.ts';
import { policyText } from './policy-text.ts';
import { testText } from './test-text.ts';

/** npm leaves out of a package what begins with a dot. */
const DOTTED = /^(?:gitignore|github)(?=\/|$)/;

/** Of which a service needs versions that fit. */
const TOOLS = [
  '@fastly/cli',
  '@fastly/js-compute',
  '@types/node',
  'tsx',
  'typescript',
  'webpack',
  'webpack-cli',
];

export interface ServiceFacts {
  readonly name: string;
  readonly answers: Answers;
  /** How it depends on this package. */
  readonly spec: string;
  readonly versions: PackageVersions;
}

/** All files of a new service, by their names from its folder. */
export function serviceFiles({ name, answers, spec, versions }: ServiceFacts): ReadonlyMap<string, string> {
  const input = policyInput(answers);
  return new Map([
    ['package.json', `${JSON.stringify(packageJson(name, spec, versions), null, 2)}\n`],
    ['fastly.toml', fixedManifest(newManifest(name), compilePolicy(input), answers.origin).text],
    ['src/policy.ts', policyText(input)],
    ['test/policy.test.ts', testText(answers)],
    ...templateFiles(name),
  ]);
}

export interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

function packageJson(name: string, spec: string, { tested }: PackageVersions): PackageJson {
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      start: 'claimcache dev',
      build:
        'webpack --stats errors-warnings && js-compute-runtime --enable-http-cache bin/index.js bin/main.wasm',
      test: 'tsc && tsc -p test && claimcache check && node --import tsx --test test/*.test.ts',
      deploy: 'fastly compute publish --status-check-path=/.edge/health',
    },
    dependencies: { claimcache: spec },
    devDependencies: Object.fromEntries(TOOLS.map((tool) => [tool, tested[tool] ?? '*'])),
  };
}

function templateFiles(name: string): [string, string][] {
  const folder = path.join(PACKAGE_ROOT, 'template');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const shown = path.relative(folder, file).replaceAll('\\', '/');
      const text = readFileSync(file, 'utf8').replaceAll('{{name}}', name);
      return [shown.replace(DOTTED, '.$&'), text];
    });
}
