import { localWasm } from '../../scripts/local-wasm.ts';

/** `readthrough`: Fastly's readthrough cache, which production chooses, on the local one. `core`: CoreCache, which plain Viceroy has. */
export type TestEngine = 'readthrough' | 'core';

/** The one of this run, CLAIMCACHE_TEST_ENGINE: the projects of vitest set it. Without it the wasm is run as it is. */
export function testEngine(): TestEngine {
  const name = process.env.CLAIMCACHE_TEST_ENGINE || 'core';
  if (name !== 'readthrough' && name !== 'core') {
    throw new Error(`CLAIMCACHE_TEST_ENGINE is readthrough or core, not ${name}.`);
  }
  return name;
}

/** What the log, and `/.edge/status`, call it. */
export function loggedEngine(): 'readthrough' | 'core' {
  return testEngine() === 'readthrough' ? 'readthrough' : 'core';
}

/** The wasm that runs a service on an engine. */
export async function wasmFor(engine: TestEngine, wasm: string): Promise<string> {
  return engine === 'readthrough' ? localWasm(wasm) : wasm;
}
