import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/root.ts';

import { type TestEngine, testEngine } from '../support/test-engine.ts';
import { checkResults } from './check-results.ts';
import { counts, summarise } from './counts.ts';
import { throughService } from './through-service.ts';

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
const { counted, notCounted } = await throughService(engine);
summarise(counted);
const complaints = checkResults(engine, counted, notCounted);
for (const complaint of complaints) console.error(`\n${complaint}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(counts(counted), null, 2)}\n`);
process.exit(complaints.length === 0 ? 0 : 1);

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
