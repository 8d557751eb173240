import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/root.ts';

export type Kind = 'required' | 'optimal' | 'check';

export interface SuiteTest {
  readonly id: string;
  readonly name: string;
  readonly kind?: Kind;
  readonly depends_on?: readonly string[];
  readonly browser_only?: boolean;
}

interface Group {
  readonly id: string;
  readonly name: string;
  readonly tests: readonly SuiteTest[];
}

export interface Result {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly kind: Kind;
  /** `skipped`: a test that it builds on failed, or its setup did not come about. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** How many tests run at once: gentle, because some measure seconds. */
const AT_ONCE = 25;
const folder = path.join(root, 'node_modules/http-cache-tests');
const load = (file: string) => import(pathToFileURL(path.join(folder, file)).href);

/** Runs the tests of http-cache-tests against a cache at `baseUrl`. */
export async function runSuite(baseUrl: string): Promise<readonly Result[]> {
  const { default: groups } = (await load('tests/index.mjs')) as { default: Group[] };
  const { default: surrogate } = (await load('tests/surrogate-control.mjs')) as { default: Group };
  const { runTests, getResults } = await load('client/runner.mjs');
  const fetch = createRequire(path.join(folder, 'cli.mjs'))('node-fetch');
  const all = groups.includes(surrogate) ? groups : [...groups, surrogate];
  await runTests(all, fetch, false, baseUrl, AT_ONCE);
  const outcomes = getResults() as Record<string, true | [string, string]>;
  return all.flatMap(({ id: group, tests }) =>
    tests
      .filter(({ browser_only: browserOnly }) => !browserOnly)
      .map(({ id, name, kind = 'required', depends_on: needs = [] }) => {
        const outcome = outcomes[id] ?? ['Missing', 'no result'];
        const isSkipped =
          outcome !== true && (outcome[0] === 'Setup' || needs.some((need) => outcomes[need] !== true));
        return {
          id,
          group,
          name,
          kind,
          outcome: outcome === true ? 'passed' : isSkipped ? 'skipped' : 'failed',
          message: outcome === true ? '' : `${outcome[0]}: ${outcome[1]}`,
        };
      }),
  );
}
