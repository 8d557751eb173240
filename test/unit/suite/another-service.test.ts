import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/root.ts';

/** Takes a minute at most; the deadline is for what hangs. */
const DEADLINE_MS = 300_000;
const SOURCES = [
  ...['bench', 'cli', 'demo', 'docs', 'local-cache', 'scripts', 'service', 'src', 'test'],
  ...['package.json', 'tsconfig.json', 'tsconfig.node.json', 'vitest.config.ts'],
];
/** Tests that read a policy, sign tokens and make keys: by the test site's, so that none of them tells which service is deployed. */
const ON_A_POLICY = [
  'test/cli/token.test.ts',
  'test/cli/explain.test.ts',
  'test/cli/purge-local.test.ts',
  'test/unit/guides/ci-example.test.ts',
];
const POLICY = `import { definePolicy } from 'claimcache';

export default definePolicy({
  origins: { shop: { backend: 'shop' } },
  providers: {
    own: { algorithms: ['ES256'], keys: { configStore: 'keys', item: 'own' }, issuer: 'https://own.example', audience: 'shop' },
  },
  scopes: { customer: { claims: 'sub', providers: ['own'] } },
  routes: {
    account: { path: '/account', scope: 'customer', ttlSeconds: { max: 60 } },
    shop: { path: '/shop/**', lane: 'public' },
  },
});
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-another-'));
  for (const name of SOURCES) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  // One folder of its own, with the packages in it: tools write beside them.
  const packages = path.join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name !== '.vite') symlinkSync(path.join(root, 'node_modules', name), path.join(packages, name));
  }
  writeFileSync(path.join(folder, 'service/policy.ts'), POLICY);
}, DEADLINE_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command of a package prints in the copy, and whether it fails. */
async function run(...args: string[]): Promise<{ stdout: string; stderr: string; status: number }> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|NODE_ENV$|NODE_OPTIONS$)/.test(name),
  );
  const options = { cwd: folder, env: Object.fromEntries(own), maxBuffer: 64 * 1024 * 1024 };
  try {
    return { ...(await promisify(execFile)(process.execPath, args, options)), status: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { stdout, stderr, status: code };
  }
}

describe('with another service in the place of the demo’s', () => {
  it(
    'the tests and the tools of this repository pass the type check',
    async () => {
      const { stdout, stderr, status } = await run(
        'node_modules/typescript/bin/tsc',
        '-p',
        'tsconfig.node.json',
      );
      expect(status, stdout + stderr).toBe(0);
    },
    DEADLINE_MS,
  );

  it(
    'tests that need a policy, people and keys pass',
    async () => {
      const { stdout, stderr, status } = await run(
        'node_modules/vitest/vitest.mjs',
        ...['run', '--project', 'unit', '--reporter', 'json', ...ON_A_POLICY],
      );
      expect(status, stdout + stderr).toBe(0);
      expect(JSON.parse(stdout).testResults).toHaveLength(ON_A_POLICY.length);
    },
    DEADLINE_MS,
  );
});
