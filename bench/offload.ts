import { Pool } from 'undici';
import { buildService } from '../test/support/build-service.ts';
import { startEdge } from '../test/support/start-edge.ts';
import { analyticOptimum } from './offload/analytic-optimum.ts';
import { firstByte } from './offload/first-byte.ts';
import { startPageOrigin } from './offload/page-origin.ts';
import { replay } from './offload/replay.ts';
import { makeTrace, originRequests, type TraceOptions, type Visit } from './offload/trace.ts';
import { warmKeys } from './offload/warm-keys.ts';
import { benchOptions } from './support/options.ts';
import { report, targets } from './support/report.ts';
import { seeded } from './support/seeded.ts';
import { createTokenMint } from './support/token-mint.ts';

/**
 * An hour of per-user traffic through the real service in Viceroy, in a minute: 1,000 users, ten requests each, tokens
 * refreshed every 15 minutes, ttl 5 to 30 minutes. Its origin requests beside no cache, the whole token as the key (computed
 * from the same trace), and the optimum: of this trace, and of the Poisson process that it was drawn from. Then who waits for
 * the origin, and how long.
 */
const { quick, users } = benchOptions();
const SPEED = 60;
const SECONDS = 3600 / SPEED;
/** 5, 10, 30 and 5 minutes. */
const TTL_SECONDS: Record<string, number> = { dashboard: 5, orders: 10, profile: 30, report: 5 };
const MEMBERS_OF_A_TEAM = 10;
const SHAPE = {
  users: users ?? (quick ? 100 : 1000),
  perUser: 10,
  seconds: SECONDS,
  tokenSeconds: 900 / SPEED,
  pages: Object.keys(TTL_SECONDS),
  writePage: 'profile',
  zipf: 0,
  writeShare: 0,
  burstSeconds: null,
};
const TRACES: Record<string, TraceOptions> = {
  'bursts: all ten of a user within the ttl': { ...SHAPE, burstSeconds: 2 },
  'Poisson, users alike': SHAPE,
  'Poisson, Zipf 1': { ...SHAPE, zipf: 1 },
  'Poisson, users alike, 5 % writes': { ...SHAPE, writeShare: 0.05 },
  'Poisson, Zipf 1, 5 % writes': { ...SHAPE, zipf: 1, writeShare: 0.05 },
};

const teamOf = (user: number) => `team-${Math.floor(user / MEMBERS_OF_A_TEAM)}`;
const identityOf = ({ user, page }: Visit) => (page === 'report' ? teamOf(user) : `user-${user}`);

const mint = await createTokenMint([]);
const origin = await startPageOrigin({ ...TTL_SECONDS, short: 1 });
const wasm = await buildService({ name: 'offload', policy: 'bench/policies/offload.ts' });
/** Each with an empty cache: the local server looks at every entry that it has when it purges. */
const startWorld = async () => {
  const edge = await startEdge({ originUrl: origin.url, wasm, secrets: { test_hmac: mint.secret } });
  const pool = new Pool(edge.url, { connections: 64, pipelining: 1 });
  const stop = async () => {
    await pool.close();
    await edge.stop();
  };
  return { pool, origin, mint, stop };
};

const outcomes = [];
for (const [name, options] of Object.entries(TRACES)) {
  const trace = makeTrace(options, seeded(42));
  const byIdentity = (visit: Visit) => `${identityOf(visit)} ${visit.page}`;
  const world = await startWorld();
  const byToken = (visit: Visit) => `${visit.user} ${visit.token} ${visit.page}`;
  outcomes.push({
    name,
    requests: trace.length,
    optimum: originRequests(trace, TTL_SECONDS, byIdentity, identityOf),
    byToken: originRequests(trace, TTL_SECONDS, byToken, ({ user }) => String(user)),
    analytic:
      options.burstSeconds === null ? analyticOptimum(options, { teamOf, ttlSeconds: TTL_SECONDS }) : null,
    ours: await replay(trace, { ...world, name, teamOf }),
  });
  await world.stop();
}
const saved = (count: number, of: number) => `${count} (${(100 - (100 * count) / of).toFixed(1)} %)`;
report(
  `Origin requests, and how many fewer than without a cache (${SHAPE.users} users, an hour in ${SECONDS} s)`,
  outcomes.map(({ name, requests, byToken, ours, optimum, analytic }) => ({
    trace: name,
    'no cache': requests,
    'token as key': saved(byToken, requests),
    claimcache: saved(ours.originRequests, requests),
    optimum: saved(optimum, requests),
    'claimcache / optimum': (ours.originRequests / optimum).toFixed(3),
    'optimum of the process': analytic === null ? '' : saved(Math.round(analytic), requests),
    'own stale reads': ours.ownStaleReads,
    'pages of others': ours.foreignPages,
    'slowest answer, ms': ours.slowestMs.toFixed(0),
  })),
);

const world = await startWorld();
const size = quick ? { users: 4, rounds: 8 } : { users: 20, rounds: 30 };
const refreshed = await warmKeys('swr', size, world);
const plain = await warmKeys('api', size, world);
report(
  'Warm keys, fresh for 1 s, at an origin that takes 1 s',
  Object.entries({ 'stale-while-revalidate': refreshed, without: plain }).map(([name, result]) => ({
    '': name,
    requests: result.requests,
    ...Object.fromEntries(['HIT', 'STALE', 'MISS'].map((state) => [state, result.states[state] ?? 0])),
    'waited for the origin': result.waited,
    'origin requests': result.originRequests,
    'first byte, p50 ms': result.p50Ms.toFixed(1),
    'slowest ms': result.slowestMs.toFixed(0),
  })),
);

const delays = [];
for (const delayMs of [50, 200, 1000]) delays.push(await firstByte(delayMs, quick ? 5 : 20, world));
report(
  'Time to first byte',
  delays.map(({ delayMs, missMs, hitMs, hitP99Ms }) => ({
    'origin takes, ms': delayMs,
    'MISS, p50 ms': missMs.toFixed(0),
    'HIT, p50 ms': hitMs.toFixed(1),
    'HIT, p99 ms': hitP99Ms.toFixed(1),
    'MISS / HIT': (missMs / hitMs).toFixed(0),
  })),
);

await world.stop();
await origin.stop();

const [bursts] = outcomes;
targets({
  'the machine has kept up, so that the rest says something: every answer within a second (else: -- --users 200)':
    outcomes.every(({ ours }) => ours.slowestMs <= 1000),
  'the burst trace saves 90 % of the origin requests':
    bursts !== undefined && bursts.ours.originRequests <= bursts.requests * 0.1 * 1.01,
  'every trace at most 1.01 times the optimum': outcomes.every(
    ({ ours, optimum }) => ours.originRequests <= optimum * 1.01,
  ),
  'no own stale read after a mutation': outcomes.every(({ ours }) => ours.ownStaleReads === 0),
  'no page of somebody else': outcomes.every(({ ours }) => ours.foreignPages === 0),
  'with stale-while-revalidate nobody waits for the origin on a warm key':
    refreshed.waited === 0 && (refreshed.states.MISS ?? 0) === 0,
  'without it somebody does: the measure can fail': plain.waited > 0,
  'a HIT answers ten times faster than a MISS, at each delay': delays.every(
    ({ missMs, hitMs }) => missMs >= 10 * hitMs,
  ),
});
