import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/root.ts';
import { buildService } from '../support/build-service.ts';
import { startEdge } from '../support/start-edge.ts';
import { type TestEngine, testEngine } from '../support/test-engine.ts';
import { counts, summarise } from './counts.ts';
import { KNOWN_FAILURES, NOT_COUNTED } from './known-failures.ts';
import { startSuiteServer } from './start-suite-server.ts';
import { type Result, runSuite } from './suite.ts';

/**
 * http-cache-tests (https://cache-tests.fyi) through the service in Viceroy, on both engines; CLAIMCACHE_TEST_ENGINE names one.
 * `--json FILE` writes counts and ids, without that variable a file for each engine.
 *
 * Fails where a required test fails that is not explained in known-failures.ts, and where an explained one passes. What does not
 * count is left out before anything is counted, and has to fail all the same: a cache that satisfies it breaks the standard.
 */
const { values } = parseArgs({ options: { json: { type: 'string' } } });
mkdirSync(path.join(root, 'build'), { recursive: true });

// The suite keeps its results in its module: each engine is a process of its own.
if (!process.env.CLAIMCACHE_TEST_ENGINE) {
  const failed = (['readthrough', 'core'] as const).filter((engine) => !inOwnProcess(engine));
  process.exit(failed.length === 0 ? 0 : 1);
}
const engine = testEngine();
console.log(`\n${engine}`);
const all = await throughService(engine);
const results = all.filter(({ id }) => !Object.hasOwn(NOT_COUNTED, id));
summarise(results);
judge(
  results,
  all.filter(({ id }) => Object.hasOwn(NOT_COUNTED, id)),
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(counts(results), null, 2)}\n`);
process.exit();

/** Whether the suite passes on an engine. Each has a file of its own: `FILE.core.json`. */
function inOwnProcess(engine: TestEngine): boolean {
  const file = values.json?.replace(/(?:\.json)?$/, `.${engine}.json`);
  const args = [
    ...process.execArgv,
    fileURLToPath(import.meta.url),
    ...(file === undefined ? [] : ['--json', file]),
  ];
  const env = { ...process.env, CLAIMCACHE_TEST_ENGINE: engine };
  return spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status === 0;
}

async function throughService(engine: TestEngine): Promise<readonly Result[]> {
  const server = await startSuiteServer();
  const wasm = await buildService({
    name: 'cache-tests',
    policy: 'test/cache-tests/policy.ts',
    entry: 'test/cache-tests/service.ts',
  });
  const edge = await startEdge({ originUrl: server.url, wasm, engine });
  try {
    return await runSuite(edge.url);
  } finally {
    await edge.stop();
    await server.stop();
  }
}

function judge(counted: readonly Result[], notCounted: readonly Result[]): void {
  const failed = counted
    .filter(({ kind, outcome }) => kind === 'required' && outcome === 'failed')
    .map(({ id }) => id);
  const unexplained = failed.filter((id) => !Object.hasOwn(KNOWN_FAILURES, id));
  const passing = [
    ...Object.keys(KNOWN_FAILURES).filter((id) => !failed.includes(id)),
    ...notCounted.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id),
  ];
  if (unexplained.length > 0)
    console.error(`\nRequired, and neither passed nor explained: ${unexplained.join(', ')}`);
  if (passing.length > 0) console.error(`\nExplained as failing, but did not fail: ${passing.join(', ')}`);
  if (unexplained.length + passing.length > 0) process.exitCode = 1;
}
