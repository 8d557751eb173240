import { setTimeout as sleep } from 'node:timers/promises';
import { PEOPLE } from '../../demo/origin/people.ts';
import { createTokens } from '../../demo/origin/tokens.ts';
import { send } from '../../test/support/send.ts';
import { startEdge } from '../../test/support/start-edge.ts';
import { type RunningOrigin, startOrigin } from '../../test/support/start-origin.ts';
import { mean } from '../support/mean.ts';
import { quantile } from '../support/quantile.ts';
import { hostCallOf, TRACE_HOST_CALLS } from './host-calls.ts';
import { meteredService } from './metered-service.ts';

/** What a request costs, without a clock. */
export interface Cost {
  /** WebAssembly instructions of the usual request: the median. */
  readonly instructions: number;
  /** With its share of the garbage collection that one request in some has to do: the mean. */
  readonly withCollection: number;
  readonly hostCalls: number;
}

const WARM_UP = 12;
const REQUESTS = 48;

/** Costs of the demo's service by kind of request, in Viceroy, one request after the other. */
export async function measureCost(wasm: string): Promise<Record<string, Cost>> {
  const origin = await startOrigin();
  const logged: number[] = [];
  /** Host calls so far, at the time of each line of the log. */
  const callsAt: number[] = [];
  let calls = 0;
  const edge = await startEdge({
    originUrl: origin.url,
    wasm: meteredService(wasm),
    trace: TRACE_HOST_CALLS,
    onLog(line) {
      if (hostCallOf(line) !== null) calls += 1;
      const count = /"vcpuMs":(\d+)/.exec(line)?.[1];
      if (count === undefined) return;
      logged.push(Number(count));
      callsAt.push(calls);
    },
  });
  try {
    const costs: Record<string, Cost> = {};
    for (const { name, path, headers } of await casesFor(origin)) {
      const from = logged.length + WARM_UP;
      const until = from + REQUESTS;
      while (logged.length < until) {
        const before = logged.length;
        await send(edge.url, path(), { headers: await headers() });
        while (logged.length === before) await sleep(1);
      }
      const counts = logged.slice(from, until);
      costs[name] = {
        instructions: quantile(counts, 0.5),
        withCollection: Math.round(mean(counts)),
        // From line to line, and so with what a request still does after its own.
        hostCalls: Math.round(((callsAt[until - 1] ?? 0) - (callsAt[from - 1] ?? 0)) / REQUESTS),
      };
    }
    return costs;
  } finally {
    await edge.stop();
    await origin.stop();
  }
}

interface Case {
  readonly name: string;
  readonly path: () => string;
  readonly headers: () => Promise<Record<string, string>>;
}

async function casesFor({ keys }: RunningOrigin): Promise<Case[]> {
  const [alice] = PEOPLE;
  if (alice === undefined) throw new Error('nobody');
  const tokens = createTokens({ ...keys, originSecret: null });
  const bearer = async (provider: 'app' | 'partner') => ({
    authorization: `Bearer ${await tokens.issue(alice, provider, 3600)}`,
  });
  const seen = await bearer('app');
  let unseen = 0;
  return [
    { name: 'public HIT', path: () => '/pages/welcome', headers: async () => ({}) },
    { name: 'scoped HIT, token seen before', path: () => '/api/orders', headers: async () => seen },
    { name: 'scoped HIT, HS256, fresh tokens', path: () => '/api/orders', headers: () => bearer('app') },
    { name: 'scoped HIT, RS256, fresh tokens', path: () => '/api/orders', headers: () => bearer('partner') },
    {
      name: 'scoped MISS, token seen before',
      path: () => `/api/orders?unseen=${100_000 + unseen++}`,
      headers: async () => seen,
    },
    { name: 'pass', path: () => '/api/payment-methods', headers: async () => seen },
    { name: '401', path: () => '/api/orders', headers: async () => ({}) },
  ];
}
