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
  /** Tests that it builds on. */
  readonly needs: readonly string[];
  /** `skipped`: a test that it builds on failed, or its setup did not come about. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** How many tests run at once: gentle, because some measure seconds. */
const AT_ONCE = 25;
/** Again, with less beside it: on a busy machine a second is soon over. */
const AGAIN_AT_ONCE = [5, 1];
const folder = path.join(root, 'node_modules/http-cache-tests');
const load = (file: string) => import(pathToFileURL(path.join(folder, file)).href);

/**
 * Runs the tests of http-cache-tests against a cache at `baseUrl`. What `mayBeLate` says of a test that did not pass has been a matter of
 * time: it is run again.
 */
export async function runSuite(
  baseUrl: string,
  mayBeLate: (result: Result) => boolean = () => false,
): Promise<readonly Result[]> {
  const { default: groups } = (await load('tests/index.mjs')) as { default: Group[] };
  const { default: surrogate } = (await load('tests/surrogate-control.mjs')) as { default: Group };
  const config = await load('client/config.mjs');
  config.setFetch(createRequire(path.join(folder, 'cli.mjs'))('node-fetch'));
  config.setUseBrowserCache(false);
  config.setBaseUrl(baseUrl);
  const all = (groups.includes(surrogate) ? groups : [...groups, surrogate]).flatMap(({ id: group, tests }) =>
    tests.filter(({ browser_only: browserOnly }) => !browserOnly).map((test) => ({ group, test })),
  );
  const { makeCacheTest, testResults } = (await load('client/test.mjs')) as Client;
  const run = async (tests: readonly SuiteTest[], atOnce: number) => {
    const queue = tests.values();
    const work = async () => {
      for (const test of queue) {
        delete testResults[test.id];
        // The client writes into the headers of a test.
        await makeCacheTest(structuredClone(test));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  const results = () => all.map(({ group, test }) => resultOf(group, test, testResults));

  await run(
    all.map(({ test }) => test),
    AT_ONCE,
  );
  for (const atOnce of AGAIN_AT_ONCE) {
    const late = results().filter((result) => result.outcome !== 'passed' && mayBeLate(result));
    const ids = new Set(late.flatMap(({ id, needs }) => [id, ...needs]));
    await run(
      all.flatMap(({ test }) => (ids.has(test.id) && testResults[test.id] !== true ? [test] : [])),
      atOnce,
    );
  }
  return results();
}

type Outcome = true | readonly [error: string, message: string];

interface Client {
  makeCacheTest(test: SuiteTest): Promise<void>;
  readonly testResults: Record<string, Outcome>;
}

function resultOf(
  group: string,
  { id, name, kind = 'required', depends_on: needs = [] }: SuiteTest,
  outcomes: Readonly<Record<string, Outcome>>,
): Result {
  const outcome = outcomes[id] ?? ['Missing', 'no result'];
  const isSkipped =
    outcome !== true && (outcome[0] === 'Setup' || needs.some((need) => outcomes[need] !== true));
  return {
    id,
    group,
    name,
    kind,
    needs,
    outcome: outcome === true ? 'passed' : isSkipped ? 'skipped' : 'failed',
    message: outcome === true ? '' : `${outcome[0]}: ${outcome[1]}`,
  };
}

/** Whether a response was reused that must not be. No machine is too slow for that: what is late is never fresher. */
export function isReuse({ message }: Result): boolean {
  return /Response \d+ comes from cache/.test(message);
}

/** Likewise, where the test forbids it. A skipped one has found a cache that it says nothing of. */
export function isForbiddenReuse(result: Result): boolean {
  return result.kind === 'required' && result.outcome === 'failed' && isReuse(result);
}
