import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../../test/support/send.ts';
import { type StartEdgeOptions, startEdge } from '../../test/support/start-edge.ts';
import { meteredService } from '../meter/metered-service.ts';
import { quantile } from '../support/quantile.ts';

export interface Asking {
  readonly path: string;
  readonly headers: () => Promise<Record<string, string>>;
}

const WARM_UP = 12;
const REQUESTS = 31;

/** WebAssembly instructions of the usual request of each kind: medians, one request after the other. */
export async function instructionsOf(
  options: StartEdgeOptions & { readonly wasm: string },
  kinds: Readonly<Record<string, Asking>>,
): Promise<Record<string, number>> {
  const counts: number[] = [];
  const edge = await startEdge({
    ...options,
    wasm: meteredService(options.wasm),
    onLog(line) {
      const count = /"vcpuMs":(\d+)/.exec(line)?.[1];
      if (count !== undefined) counts.push(Number(count));
    },
  });
  try {
    const medians: Record<string, number> = {};
    for (const [name, { path, headers }] of Object.entries(kinds)) {
      const from = counts.length + WARM_UP;
      while (counts.length < from + REQUESTS) {
        const before = counts.length;
        const { status } = await send(edge.url, path, { headers: await headers() });
        if (status !== 200) throw new Error(`${name}: status ${status}`);
        while (counts.length === before) await sleep(1);
      }
      medians[name] = quantile(counts.slice(from), 0.5);
    }
    return medians;
  } finally {
    await edge.stop();
  }
}
