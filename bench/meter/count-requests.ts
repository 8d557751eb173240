import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../../test/support/send.ts';
import { type StartEdgeOptions, startEdge } from '../../test/support/start-edge.ts';
import { between, type Count, createCounter, TRACE_HOST_CALLS } from './host-calls.ts';
import { meteredService } from './metered-service.ts';

export interface CountedRequest {
  readonly name: string;
  readonly path: () => string;
  readonly headers: () => Promise<Record<string, string>>;
  readonly status: number;
}

/**
 * Counts of `requests` requests of each kind, one after the other in one sandbox, after `warmUp` that do not count. What a
 * sandbox does before it asks for the next request belongs to the request: its garbage collection too.
 */
export async function countRequests(
  options: StartEdgeOptions & { readonly wasm: string },
  kinds: readonly CountedRequest[],
  { warmUp, requests }: { readonly warmUp: number; readonly requests: number },
): Promise<Record<string, readonly Count[]>> {
  const { read, counts } = createCounter();
  const edge = await startEdge({
    ...options,
    wasm: meteredService(options.wasm),
    trace: TRACE_HOST_CALLS,
    onLog: read,
  });
  try {
    const result: Record<string, readonly Count[]> = {};
    for (const { name, path, headers, status } of kinds) {
      const from = counts.length + warmUp;
      while (counts.length < from + requests) {
        const before = counts.length;
        const answer = await send(edge.url, path(), { headers: await headers() });
        if (answer.status !== status) throw new Error(`${name}: status ${answer.status}`);
        while (counts.length === before) await sleep(1);
      }
      result[name] = Array.from({ length: requests }, (_, i) =>
        between(counts[from + i - 1], counts[from + i]),
      );
    }
    return result;
  } finally {
    await edge.stop();
  }
}
