import { startScriptedOrigin } from '../test/edge/support/scripted-origin.ts';
import { buildService } from '../test/support/build-service.ts';
import { startEdge } from '../test/support/start-edge.ts';
import { mean } from './support/mean.ts';
import { benchOptions } from './support/options.ts';
import { quantile } from './support/quantile.ts';
import { report, targets } from './support/report.ts';
import { type Contender, type RoundResult, runRounds } from './support/rounds.ts';
import { createTokenMint } from './support/token-mint.ts';

/**
 * Overhead at the edge in Viceroy: ratios to hello world on the same runtime, and to the service that one would write by
 * hand. All contenders take their turns in each round; ratios are taken within a round, and the median round counts.
 */
const { quick } = benchOptions();
const ROUNDS = quick ? 2 : 9;
const REQUESTS = quick ? 100 : 400;
const CONNECTIONS = 4;
const AT_MOST_MS = quick ? 500 : 1500;
const FLOOR = 'hello world (the floor)';

const ASYMMETRIC = ['RS256', 'ES256', 'PS256', 'EdDSA'];
const ALGORITHMS = ['HS256', ...ASYMMETRIC];
const IN_JAVASCRIPT = new Set(['PS256', 'EdDSA']);
const mint = await createTokenMint(ASYMMETRIC);
const bearer = async (algorithm: string) => ({
  authorization: `Bearer ${await mint.issue(algorithm, 'u42')}`,
});
const seen = new Map(await Promise.all(ALGORITHMS.map(async (name) => [name, await bearer(name)] as const)));
const fresh = new Map<string, Record<string, string>[]>();
for (const name of ALGORITHMS) {
  const count = ROUNDS * REQUESTS + REQUESTS;
  fresh.set(name, await Promise.all(Array.from({ length: count }, () => bearer(name))));
}

const origin = await startScriptedOrigin();
const BODY = JSON.stringify({
  orders: Array.from({ length: 8 }, (_, i) => ({ id: i, item: 'a thing', cents: 1299 })),
});
origin.answer((request, response) => {
  const isPersonal = request.headers.authorization !== undefined;
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'cache-control': `${isPersonal ? 'private' : 'public'}, max-age=3600`,
      'content-length': BODY.length,
      etag: '"1"',
    })
    .end(BODY);
});
const settings = {
  originUrl: origin.url,
  config: { test_jwks: mint.jwks },
  secrets: { test_hmac: mint.secret },
};
const service = async (name: string) =>
  startEdge({ ...settings, wasm: await buildService({ name, entry: `bench/services/${name}.ts` }) });
const hello = await service('hello');
const helloOnce = await service('hello-once');
const obvious = await service('obvious');
const obviousReused = await service('obvious-reused');
const vcpu: number[] = [];
const ofPolicy = async (name: string) =>
  startEdge({
    ...settings,
    wasm: await buildService({ name: `bench-${name}`, policy: `bench/policies/${name}.ts` }),
    onLog(line) {
      const found = /"vcpuMs":(\d+)/.exec(line)?.[1];
      if (found !== undefined) vcpu.push(Number(found));
    },
  });
/** What a policy does not use is not in its service: algorithms in JavaScript are measured where there are some. */
const host = await ofPolicy('host');
const every = await ofPolicy('every');
const edgeFor = (algorithm: string) => (IN_JAVASCRIPT.has(algorithm) ? every : host);
const servers = [hello, helloOnce, obvious, obviousReused, host, every];

const other = { status: 200, cache: null, headers: () => ({}), vcpuMs: null };
const ours = { pid: host.pid, status: 200, vcpuMs: () => vcpu };
const neverSeen = (algorithm: string) => {
  const headers = fresh.get(algorithm)?.pop();
  if (headers === undefined) throw new Error('no fresh token is left');
  return headers;
};
const withSeen = (algorithm: string) => ({ headers: () => seen.get(algorithm) ?? {} });
const contenders: Contender[] = [
  { ...other, name: FLOOR, url: hello.url, pid: hello.pid },
  { ...other, name: 'hello world, a sandbox for each request', url: helloOnce.url, pid: helloOnce.pid },
  { ...ours, name: 'public HIT', url: `${host.url}/pages/welcome`, cache: 'HIT', headers: () => ({}) },
  ...ALGORITHMS.map((algorithm) => ({
    ...ours,
    ...withSeen(algorithm),
    pid: edgeFor(algorithm).pid,
    name: `scoped HIT, ${algorithm}, token seen before`,
    url: `${edgeFor(algorithm).url}/api/orders`,
    cache: 'HIT',
  })),
  ...ALGORITHMS.map((algorithm) => ({
    ...ours,
    pid: edgeFor(algorithm).pid,
    name: `scoped HIT, ${algorithm}, fresh tokens`,
    url: `${edgeFor(algorithm).url}/api/orders`,
    cache: 'HIT',
    headers: () => neverSeen(algorithm),
  })),
  {
    ...ours,
    name: 'pass',
    url: `${host.url}/pages/welcome`,
    cache: 'BYPASS',
    headers: () => ({ cookie: 'cms_session=1' }),
  },
  { ...ours, name: '401', url: `${host.url}/api/orders`, status: 401, cache: 'ERROR', headers: () => ({}) },
  ...(['HS256', 'RS256'] as const).flatMap((algorithm) => {
    const path = `/${algorithm.slice(0, 2).toLowerCase()}/orders`;
    const same = { ...other, ...withSeen(algorithm), cache: 'HIT' };
    return [
      { ...same, name: `obvious service, ${algorithm}`, url: obvious.url + path, pid: obvious.pid },
      {
        ...same,
        name: `obvious, ${algorithm}, reused sandbox`,
        url: obviousReused.url + path,
        pid: obviousReused.pid,
      },
    ];
  }),
];

const results = await runRounds(contenders, {
  rounds: ROUNDS,
  requests: REQUESTS,
  atMostMs: AT_MOST_MS,
  connections: CONNECTIONS,
  warmUp: 50,
});
for (const server of servers) await server.stop();
await origin.stop();

const of = (name: string) => results.get(name) ?? [];
const median = (name: string, value: (result: RoundResult) => number) => quantile(of(name).map(value), 0.5);
/** Within each round. */
const ratio = (name: string, to: string) =>
  quantile(
    of(name).map(
      ({ requestsPerSecond }, round) => requestsPerSecond / (of(to)[round]?.requestsPerSecond ?? Number.NaN),
    ),
    0.5,
  );
const vcpuOf = (name: string) => of(name).flatMap(({ vcpuMs }) => vcpuMs);
report(
  `Requests in Viceroy (${ROUNDS} rounds of ${REQUESTS}, ${CONNECTIONS} connections, medians)`,
  contenders.map(({ name, vcpuMs }) => ({
    case: name,
    'requests/s': median(name, ({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
    'of the floor': ratio(name, FLOOR).toFixed(2),
    'p50 ms': median(name, ({ p50Ms }) => p50Ms).toFixed(1),
    'p99 ms': median(name, ({ p99Ms }) => p99Ms).toFixed(1),
    'CPU ms of Viceroy': median(name, ({ cpuMs }) => cpuMs ?? Number.NaN).toFixed(2),
    'vCPU ms, mean': vcpuMs === null ? '' : mean(vcpuOf(name)).toFixed(2),
    'vCPU ms, max': vcpuMs === null ? '' : Math.max(...vcpuOf(name)),
  })),
);

const slowest = Math.max(...contenders.flatMap(({ name }) => vcpuOf(name)));
const scoped = 'scoped HIT, HS256, token seen before';
targets({
  'scoped HIT, token seen before: at least 0.6 of the floor': ratio(scoped, FLOOR) >= 0.6,
  'scoped HIT, token seen before: at least 4 times the obvious service':
    ratio(scoped, 'obvious service, HS256') >= 4,
  'public HIT: at least 0.75 of the floor': ratio('public HIT', FLOOR) >= 0.75,
  'fresh RS256: at least 0.4 of the floor': ratio('scoped HIT, RS256, fresh tokens', FLOOR) >= 0.4,
  [`no request's vCPU over 50 ms (the slowest took ${slowest})`]: slowest <= 50,
});
