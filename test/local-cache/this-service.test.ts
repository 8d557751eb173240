import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asksForHttpCache } from '../../cli/local-cache/wasm-module.ts';
import { localWasm } from '../../scripts/local-wasm.ts';
import { loggedBy } from '../edge/support/client.ts';
import { siteKeys } from '../site/keys.ts';
import { buildService, SITE_SERVICE } from '../support/build-service.ts';
import { send } from '../support/send.ts';
import { type Stack, startStack } from '../support/start-stack.ts';

let wasm: string;
beforeAll(async () => {
  wasm = await buildService(SITE_SERVICE);
});

describe('a service as it is built for a deploy', () => {
  test('asks the host for the HTTP cache, and starts everywhere', async () => {
    expect(asksForHttpCache(readFileSync(wasm))).toBe(true);
    expect(await starts(wasm)).toBe(true);
  });

  test('with the local cache it does not, and refuses to start where it cannot tell that the server is local', async () => {
    const local = await localWasm(wasm);
    expect(asksForHttpCache(readFileSync(local))).toBe(false);
    expect(await starts(local)).toBe(false);
  });
});

/** Instantiates a wasm with a host that refuses everything, which is what the start function meets. */
async function starts(file: string): Promise<boolean> {
  const module = await WebAssembly.compile(readFileSync(file));
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] = { ...imports[from], [name]: () => 8 };
  }
  try {
    await WebAssembly.instantiate(module, imports);
    return true;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return false;
    throw error;
  }
}

describe.each([
  ['readthrough', 'readthrough', true],
  ['core', 'core', false],
] as const)('the service on %s', (engine, name, localCache) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ engine, withoutLocalCache: true });
  });
  afterAll(() => stack?.stop());

  const status = async () => {
    const { operatorToken } = await siteKeys();
    const headers = { authorization: `Bearer ${operatorToken}` };
    return (await send(stack.edgeUrl, '/.edge/status', { headers })).json<object>();
  };

  test(`chooses the engine ${name} by itself, and says so in its status and its log`, async () => {
    expect(await status()).toMatchObject({ engine: name, localCache });
    const lines = await loggedBy(stack.edge, async () => {
      for (const _ of [1, 2]) await send(stack.edgeUrl, '/');
    });
    expect(lines.map(({ state, engine, localCache }) => [state, engine, localCache])).toEqual([
      ['MISS', name, localCache],
      ['HIT', name, localCache],
    ]);
  });

  test('takes CoreCache where cache_engine says core', async () => {
    await stack.edge.configure({ cache_engine: 'core' });
    expect(await status()).toMatchObject({ engine: 'core', localCache });
    await stack.edge.configure({});
  });
});
