import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, writeBlocks } from './support/blocks.ts';
import { EXAMPLE_POLICY, withoutScope } from './support/example-policy.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** Inside of the repository: `claimcache` is the source beside it. jest runs in test/package, with the package itself. */
const folder = path.join(root, 'build/test/testing-examples', String(process.pid));
const CONDITIONS = "{ conditions: ['claimcache-source'] }";

beforeAll(() => {
  mkdirSync(path.join(folder, 'src'), { recursive: true });
  const blocks = blocksOf('how-to/testing.md', 'ts').filter((block) => block.startsWith('// test/'));
  expect(writeBlocks(folder, blocks)).toEqual([
    'test/policy.test.ts',
    'test/policy.node.ts',
    'test/policy.jest.ts',
  ]);
  writeFileSync(
    path.join(folder, 'vitest.config.mjs'),
    `export default { resolve: ${CONDITIONS}, ssr: { resolve: ${CONDITIONS} } };`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RUNNERS = [
  ['vitest', [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder]],
  ['node:test', ['--import', path.join(root, 'scripts/tsx.mjs'), '--test', 'test/policy.node.ts']],
] as const;

describe.each(RUNNERS)('the example for %s in docs/how-to/testing.md', (_name, args) => {
  async function run(policy: string) {
    writeFileSync(path.join(folder, 'src/policy.ts'), policy);
    // As in a terminal: nothing that this run of vitest has set.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_)/.test(name)),
    );
    try {
      return { status: 0, ...(await promisify(execFile)(process.execPath, [...args], { cwd: folder, env })) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, stdout, stderr };
    }
  }

  it('passes', async () => {
    const { status, stdout, stderr } = await run(EXAMPLE_POLICY);
    expect(status, stdout + stderr).toBe(0);
  });

  it('fails when somebody removes `scope`, and says what to do', async () => {
    const { status, stdout, stderr } = await run(withoutScope(EXAMPLE_POLICY));
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('GET /api/orders as {"sub":"42"} is not kept apart by person');
    expect(stdout + stderr).toContain('Fix: the route has no scope');
  });
});
