import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import { send } from '../support/send.ts';
import { startOrigin } from '../support/start-origin.ts';
import { resetSite, site } from './support/site.ts';

/** docs/proof/contract-tests.md deploys the demo, and the suite is made for the test site: both serve the same people, paths and tokens. */
const FILES = ['anonymous', 'credentials', 'editors', 'hits', 'lookalikes', 'sensitive', 'team', 'writes'];

it('the conformance suite passes against the demo, as against a service that is deployed', async () => {
  await resetSite();
  const args = [
    'node_modules/vitest/vitest.mjs',
    ...['run', '--project=conformance', '--reporter=json'],
    ...FILES.map((name) => `test/conformance/${name}.test.ts`),
  ];
  const own = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|CLAIMCACHE_|NODE_ENV$)/.test(name));
  const env = {
    ...Object.fromEntries(own),
    EDGE_URL: site.url,
    ORIGIN_URL: site.originUrl,
    OPERATOR_TOKEN: site.operatorToken,
  };
  const run = promisify(execFile)(process.execPath, args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 });
  const { stdout } = await run.catch((error) => error as { stdout: string });
  const { numPassedTests, testResults } = JSON.parse(stdout) as Report;
  const failed = testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message ? [`${name}: ${message}`] : []),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`),
  ]);
  expect(failed).toEqual([]);
  expect(testResults).toHaveLength(FILES.length);
  expect(numPassedTests).toBeGreaterThan(50);
});

it('the demo answers in every way that the suite may ask the test site for', async () => {
  const origin = await startOrigin();
  const modes = async (url: string) => (await send(url, '/lab/none')).json<{ modes: string[] }>().modes;
  try {
    expect(await modes(site.originUrl)).toEqual(expect.arrayContaining(await modes(origin.url)));
  } finally {
    await origin.stop();
  }
});

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}
