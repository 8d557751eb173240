import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/root.ts';
import { startScriptedOrigin } from '../edge/support/scripted-origin.ts';
import type { ScriptedStack } from '../edge/support/scripted-stack.ts';
import { startEdge } from '../support/start-edge.ts';

const run = promisify(execFile);
const SOURCE = 'test/local-cache/service.js';

/** The service of this folder as wasm, as its own developer builds it. */
export async function buildForeign(): Promise<string> {
  const wasm = path.join(root, 'build/test/foreign.wasm');
  const stamp = `${wasm}.sha256`;
  const digest = createHash('sha256')
    .update(readFileSync(path.join(root, SOURCE)))
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(wasm) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return wasm;
  mkdirSync(path.dirname(wasm), { recursive: true });
  await run('node_modules/.bin/js-compute-runtime', ['--enable-http-cache', SOURCE, wasm], { cwd: root });
  writeFileSync(stamp, digest);
  return wasm;
}

/** What `claimcache local-cache` makes of a wasm. */
export async function addLocalCache(wasm: string): Promise<string> {
  const output = wasm.replace(/\.wasm$/, '.with-cache.wasm');
  await run(process.execPath, ['cli/claimcache.mjs', 'local-cache', wasm, output], { cwd: root });
  return output;
}

/** The service in stock Viceroy, with a scripted origin. */
export async function startForeign(): Promise<ScriptedStack> {
  const wasm = await addLocalCache(await buildForeign());
  const origin = await startScriptedOrigin();
  const edge = await startEdge({ originUrl: origin.url, wasm, engine: 'core' });
  return {
    edge,
    origin,
    async stop() {
      await edge.stop();
      await origin.stop();
    },
  };
}
