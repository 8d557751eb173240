import { buildService } from '../support/build-service.ts';
import { startEdge } from '../support/start-edge.ts';
import type { TestEngine } from '../support/test-engine.ts';
import { KNOWN_FAILURES, KNOWN_SKIPS, NOT_COUNTED } from './known-failures.ts';
import { startSuiteServer } from './start-suite-server.ts';
import { isReuse, type Result, runSuite } from './suite.ts';

/** The suite through the service in Viceroy: what counts, and what does not. */
export async function throughService(engine: TestEngine) {
  const server = await startSuiteServer();
  try {
    const wasm = await buildService({
      name: 'cache-tests',
      policy: 'test/cache-tests/policy.ts',
      entry: 'test/cache-tests/service.ts',
    });
    const edge = await startEdge({ originUrl: server.url, wasm, engine });
    try {
      const all = await runSuite(edge.url, (result) => mayBeLate(result, engine));
      return {
        counted: all.filter(({ id }) => !Object.hasOwn(NOT_COUNTED, id)),
        notCounted: all.filter(({ id }) => Object.hasOwn(NOT_COUNTED, id)),
      };
    } finally {
      await edge.stop();
    }
  } finally {
    await server.stop();
  }
}

/** Whether a test that did not pass may pass on a machine with time. What is explained never does, and a reuse is no matter of time. */
function mayBeLate(result: Result, engine: TestEngine): boolean {
  const { id, kind } = result;
  return (
    kind === 'required' &&
    !Object.hasOwn(NOT_COUNTED, id) &&
    !Object.hasOwn(KNOWN_FAILURES, id) &&
    !KNOWN_SKIPS[engine].includes(id) &&
    !isReuse(result)
  );
}
