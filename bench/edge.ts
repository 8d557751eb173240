import { PEOPLE } from '../demo/origin/people.ts';
import { createTokens } from '../demo/origin/tokens.ts';
import { demoKeys } from '../scripts/demo-keys.ts';
import { buildService } from '../test/support/build-service.ts';
import { startEdge } from '../test/support/start-edge.ts';
import { startOrigin } from '../test/support/start-origin.ts';
import { type LoadResult, load } from './support/load.ts';
import { quantile } from './support/quantile.ts';
import { report } from './support/report.ts';

/**
 * Overhead at the edge in Viceroy, as ratios to hello world on the same runtime. Rounds go through all cases in turn, so that
 * a noisy moment hits all of them; the median round counts.
 */
const ROUNDS = 5;
const REQUESTS = 400;
const CONNECTIONS = 4;

const [alice] = PEOPLE;
if (alice === undefined) throw new Error('nobody');
const tokens = createTokens(await demoKeys());
const seen = { authorization: `Bearer ${await tokens.issue(alice, 'app', 3600)}` };
const fresh = await Promise.all(
  Array.from({ length: ROUNDS * REQUESTS }, async () => ({
    authorization: `Bearer ${await tokens.issue(alice, 'partner', 3600)}`,
  })),
);

const origin = await startOrigin();
const floor = await startEdge({
  originUrl: origin.url,
  wasm: await buildService({ name: 'hello', entry: 'bench/services/hello.ts' }),
});
const edge = await startEdge({ originUrl: origin.url });

interface Case {
  readonly name: string;
  readonly url: string;
  readonly status: number;
  readonly headers: () => Record<string, string>;
}
const none = () => ({});
const CASES: readonly Case[] = [
  { name: 'hello world (the floor)', url: floor.url, status: 200, headers: none },
  { name: 'public HIT', url: `${edge.url}/pages/welcome`, status: 200, headers: none },
  {
    name: 'scoped HIT, HS256, token seen before',
    url: `${edge.url}/api/orders`,
    status: 200,
    headers: () => seen,
  },
  {
    name: 'scoped HIT, RS256, fresh tokens',
    url: `${edge.url}/api/orders`,
    status: 200,
    headers: () => fresh.pop() ?? seen,
  },
  { name: 'pass', url: `${edge.url}/api/payment-methods`, status: 200, headers: () => seen },
  { name: '401', url: `${edge.url}/api/orders`, status: 401, headers: none },
];

const results = new Map<string, LoadResult[]>();
for (const { url, status, headers } of CASES)
  await load(url, { requests: 50, connections: CONNECTIONS, status, headers });
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, url, status, headers } of CASES) {
    const result = await load(url, { requests: REQUESTS, connections: CONNECTIONS, status, headers });
    results.set(name, [...(results.get(name) ?? []), result]);
  }
}

const median = (name: string, of: (result: LoadResult) => number) =>
  quantile((results.get(name) ?? []).map(of), 0.5);
const rate = (name: string) => median(name, ({ requestsPerSecond }) => requestsPerSecond);
report(
  `Requests per second in Viceroy (${ROUNDS} rounds of ${REQUESTS}, ${CONNECTIONS} connections, medians)`,
  CASES.map(({ name }) => ({
    case: name,
    'requests/s': rate(name).toFixed(0),
    'of the floor': (rate(name) / rate('hello world (the floor)')).toFixed(2),
    'p50 ms': median(name, ({ p50Ms }) => p50Ms).toFixed(1),
    'p99 ms': median(name, ({ p99Ms }) => p99Ms).toFixed(1),
  })),
);
await edge.stop();
await floor.stop();
await origin.stop();
