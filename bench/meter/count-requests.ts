import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../../test/support/send.ts';
import { type StartEdgeOptions, startEdge } from '../../test/support/start-edge.ts';
import { type Count, createCounter, TRACE_HOST_CALLS } from './host-calls.ts';
import { meteredService } from './metered-service.ts';

export interface CountedRequest {
  readonly name: string;
  readonly path: () => string;
  /** Default: GET. */
  readonly method?: string;
  readonly headers: () => Promise<Record<string, string>>;
  readonly status: number;
  /** Where it is not that of the others. */
  readonly amount?: Amount;
}

/** How many requests are counted, after how many that are not. */
export interface Amount {
  readonly warmUp: number;
  readonly requests: number;
}

/** Counts of one kind: in a sandbox that was used before, and of those that were the first of theirs. */
export interface Counted {
  readonly later: readonly Count[];
  readonly first: readonly Count[];
}

const TIMEOUT_MS = 20_000;

/**
 * Counts of requests of each kind, one after the other. What a
 * sandbox does before it asks for the next request belongs to the request: its garbage collection too.
 */
export async function countRequests(
  options: StartEdgeOptions & { readonly wasm: string },
  kinds: readonly CountedRequest[],
  usual: Amount,
): Promise<Record<string, Counted>> {
  const { read, counts } = createCounter();
  const edge = await startEdge({
    ...options,
    wasm: meteredService(options.wasm),
    // What is deployed, without the local readthrough cache.
    engine: 'core',
    trace: TRACE_HOST_CALLS,
    onLog: read,
  });
  try {
    const result: Record<string, Counted> = {};
    for (const { name, path, method = 'GET', headers, status, amount = usual } of kinds) {
      const { warmUp, requests } = amount;
      const counted = { later: [] as Count[], first: [] as Count[] };
      for (let i = 0; i < warmUp || counted.later.length < requests; i++) {
        const before = counts.length;
        const answer = await send(edge.url, path(), { method, headers: await headers() });
        if (answer.status !== status) throw new Error(`${name}: status ${answer.status}`);
        const deadlineMs = Date.now() + TIMEOUT_MS;
        while (counts.length === before) {
          if (Date.now() > deadlineMs) throw new Error(`${name}: the metered service tells no count`);
          await sleep(1);
        }
        const count = counts[before];
        if (i >= warmUp && count !== undefined) counted[count.isFirst ? 'first' : 'later'].push(count);
      }
      result[name] = counted;
    }
    return result;
  } finally {
    await edge.stop();
  }
}
