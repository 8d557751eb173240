import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';
import { inTurn } from './in-turn.ts';

const run = promisify(execFile);
const CONFIG = 'test/support/service.webpack.mjs';
const SITE_SOURCES = 'test/site/src';
const INPUTS = ['src', SITE_SOURCES, CONFIG, 'test/support/service.ts', 'package-lock.json'];

export interface BuildServiceOptions {
  /** Of the file `build/test/<name>.wasm`: one name for each policy. */
  readonly name: string;
  /** A policy file, from the project's folder. Default: the test site's. */
  readonly policy?: string;
  /** The module that the service begins with, from the project's folder. Default: `test/support/service.ts`. */
  readonly entry?: string;
}

/** The service of `test/site`, three files as a user's: what the tests run unless they say otherwise, and what the budget is measured with. */
export const SITE_SERVICE = {
  name: 'site',
  policy: `${SITE_SOURCES}/policy.ts`,
  entry: `${SITE_SOURCES}/index.ts`,
} satisfies BuildServiceOptions;

/**
 * The service as wasm, with a policy or an entry of the test's own; returns the path. Built again only when the sources,
 * the policy or the entry have changed.
 */
export async function buildService(options: BuildServiceOptions): Promise<string> {
  // Another worker may be building the same service.
  return inTurn(path.join(root, 'build/test', `${options.name}.lock`), () => buildWhenChanged(options));
}

async function buildWhenChanged(options: BuildServiceOptions): Promise<string> {
  const { name, policy, entry } = options;
  const wasm = path.join(root, 'build/test', `${name}.wasm`);
  const stamp = `${wasm}.sha256`;
  // What policy and entry import stands beside them.
  const beside = [policy, entry].flatMap((file) =>
    file === undefined ? [] : filesUnder(path.dirname(file)),
  );
  const digest = digestOf([...INPUTS, ...beside]);
  if (existsSync(wasm) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return wasm;

  // Who runs the service that was built before must not see half of the next.
  const part = `build/test/${name}.${process.pid}`;
  const env = {
    ...process.env,
    CLAIMCACHE_BUNDLE: `${part}.js`,
    CLAIMCACHE_POLICY: policy ?? '',
    CLAIMCACHE_ENTRY: entry ?? '',
  };
  await tool('webpack', ['--config', CONFIG], env);
  await tool('js-compute-runtime', ['--enable-http-cache', `${part}.js`, `${part}.wasm`], env);
  renameSync(path.join(root, `${part}.js`), path.join(root, 'build/test', `${name}.js`));
  renameSync(path.join(root, `${part}.wasm`), wasm);
  writeFileSync(stamp, digest);
  return wasm;
}

async function tool(name: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const file = path.join(root, 'node_modules/.bin', name);
  try {
    await run(file, args, { cwd: root, env, shell: process.platform === 'win32' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${name} failed.\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

function digestOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesUnder)) {
    hash.update(`${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function filesUnder(input: string): string[] {
  if (path.extname(input) !== '') return [input];
  return readdirSync(path.join(root, input), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}
