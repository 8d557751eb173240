import { setTimeout as sleep } from 'node:timers/promises';
import { buildService } from '../../test/support/build-service.ts';
import { startEdge } from '../../test/support/start-edge.ts';
import { load } from '../support/load.ts';
import { quantile } from '../support/quantile.ts';
import { createTokenMint } from '../support/token-mint.ts';
import { startConstantOrigin } from './constant-origin.ts';

const ALGORITHMS = ['HS256', 'RS256', 'ES256'];
const CONNECTIONS = 4;
/** What a sandbox may use; src/fastly/sandbox.ts ends it above that. */
export const ALLOWED_MIB = 96;
/** A sandbox ends a second after its last request, and then tells its heap. */
const IDLE_MS = 2000;

export interface Memory {
  readonly requests: number;
  readonly sandboxes: number;
  readonly p50MiB: number;
  readonly maxMiB: number;
}

/** Heaps of all sandboxes that served `requests` of a thousand people, who get a new token every sixth time. */
export async function measureMemory(requests: number): Promise<Memory> {
  const mint = await createTokenMint(['RS256', 'ES256']);
  const origin = await startConstantOrigin();
  const edge = await startEdge({
    originUrl: origin.url,
    wasm: await buildService({ name: 'bench-host', policy: 'bench/policies/host.ts' }),
    config: { test_jwks: mint.jwks },
    secrets: { test_hmac: mint.secret },
    verbose: true,
  });
  const fresh = Math.min(requests, 6000);
  const tokens = await Promise.all(
    Array.from({ length: fresh }, (_, i) => mint.issue(ALGORITHMS[i % 3] ?? '', `u${i % 1000}`)),
  );
  let i = 0;
  await load(`${edge.url}/api/orders`, {
    requests,
    atMostMs: Number.POSITIVE_INFINITY,
    connections: CONNECTIONS,
    status: 200,
    cache: null,
    headers: () => ({ authorization: `Bearer ${tokens[Math.floor(i++ / 6) % fresh]}` }),
  });
  await sleep(IDLE_MS);
  const heaps = [...edge.output().matchAll(/using ([\d.]+) (KiB|MiB) of WebAssembly heap/g)].map(
    ([, size, unit]) => Number(size) / (unit === 'KiB' ? 1024 : 1),
  );
  await edge.stop();
  await origin.stop();
  return { requests, sandboxes: heaps.length, p50MiB: quantile(heaps, 0.5), maxMiB: Math.max(...heaps) };
}
