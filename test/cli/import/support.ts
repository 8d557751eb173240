import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll } from 'vitest';
import { definePolicy } from '../../../src/policy/define.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { type TestEdge, testEdge } from '../../../src/testing/index.ts';
import { type CliRun, type CliRunOptions, runCli } from '../support/run-cli.ts';

/** What a person answers to what no source has. */
export const ANSWERS = ['--issuer', 'https://login.example.com', '--audience', 'https://api.example.com'];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-import-'));
  folders.push(folder);
  return folder;
}

export interface ImportRun extends CliRun {
  readonly folder: string;
}

/** Runs `claimcache import` on a file of `fixtures`, in a folder of its own; other fixtures stand beside it. */
export async function importFixture(
  name: string,
  args: readonly string[] = [],
  { beside = [], ...options }: CliRunOptions & { readonly beside?: readonly string[] } = {},
): Promise<ImportRun> {
  const folder = temporaryFolder();
  const fixtures = path.join(import.meta.dirname, 'fixtures');
  for (const file of [name, ...beside])
    copyFileSync(path.join(fixtures, file), path.join(folder, file.replace(/\.txt$/, '')));
  const run = await runCli(['import', name.replace(/\.txt$/, ''), ...args], { cwd: folder, ...options });
  return { ...run, folder };
}

/** The same for a text of the test's own. */
export async function importText(
  name: string,
  text: string,
  args: readonly string[] = [],
  options: CliRunOptions = {},
): Promise<ImportRun> {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, name), text);
  return { ...(await runCli(['import', name, ...args], { cwd: folder, ...options })), folder };
}

/** The policy that an import has written to stdout, evaluated as the build does. */
export function policyOf({ stdout, stderr }: CliRun): PolicyInput {
  if (stdout === '') throw new Error(stderr);
  const source = stdout.replace(/^import .*$/m, '').replace('export default', 'return');
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) throw new Error(String(diagnostics[0]?.messageText));
  return new Function('definePolicy', outputText)(definePolicy) as PolicyInput;
}

export interface Probe {
  readonly lane: string;
  readonly key: string | null;
  readonly route: string | null;
}

/** The engine with an imported policy, before an origin that answers everything. */
export async function edgeOf(
  run: CliRun,
  headers: Record<string, string> = { 'cache-control': 'max-age=60' },
): Promise<TestEdge> {
  return testEdge(policyOf(run), {
    now: 1_700_000_000_000,
    origin: ({ url }) => {
      const type = /\.png$/.test(url)
        ? 'image/png'
        : /\.jpg$/.test(url)
          ? 'image/jpeg'
          : /\.js$/.test(url)
            ? 'text/javascript'
            : 'text/html';
      return new Response('page', { headers: { 'content-type': type, 'content-length': '4', ...headers } });
    },
  });
}

/** Lane, route and key of a request. */
export async function probe(
  edge: TestEdge,
  target: string,
  request: Parameters<TestEdge['plan']>[1] = {},
): Promise<Probe> {
  const { lane, keyDigest, route } = await edge.plan(target, request);
  return { lane, key: keyDigest, route };
}

export const alice = { as: { sub: 'alice' } };
export const bob = { as: { sub: 'bob' } };
