import { decodeJwt } from 'jose';
import { createTokens } from '../demo/origin/tokens.ts';
import { demoKeys } from '../scripts/demo-keys.ts';
import { startScriptedOrigin } from '../test/edge/support/scripted-origin.ts';
import { buildService } from '../test/support/build-service.ts';
import { send } from '../test/support/send.ts';
import { startEdge } from '../test/support/start-edge.ts';
import { report } from './support/report.ts';
import { makeTrace, originRequests, type TraceOptions, type Visit } from './support/trace.ts';

/**
 * An hour of per-user traffic through the real service in Viceroy, compressed a hundredfold: 300 users, ten requests each,
 * tokens refreshed every 15 minutes, ttl 5 to 30 minutes. Origin requests beside no cache, the token as the key (computed from
 * the same trace), and the optimum (one fetch for each person, page and window of freshness).
 */
const SPEED = 100;
const TTL_SECONDS = { dashboard: 3, orders: 6, profile: 18 };
const SHAPE = {
  users: 300,
  perUser: 10,
  seconds: 3600 / SPEED,
  tokenSeconds: 900 / SPEED,
  pages: Object.keys(TTL_SECONDS),
};
const TRACES: Record<string, TraceOptions> = {
  'bursts: all ten requests of a user within the ttl': { ...SHAPE, zipf: 0, writeShare: 0, burstSeconds: 2 },
  'Poisson, users alike': { ...SHAPE, zipf: 0, writeShare: 0, burstSeconds: null },
  'Poisson, Zipf 1': { ...SHAPE, zipf: 1, writeShare: 0, burstSeconds: null },
  'Poisson, Zipf 1, 5 % writes': { ...SHAPE, zipf: 1, writeShare: 0.05, burstSeconds: null },
};

const tokens = createTokens(await demoKeys());
const versions = new Map<string, number>();
let fetched = 0;
const origin = await startScriptedOrigin();
origin.answer((request, response) => {
  // The local server looks whether anybody is there.
  if (request.headers.authorization === undefined) return response.writeHead(204).end();
  fetched += 1;
  const { sub = '' } = decodeJwt((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  if (request.method === 'PUT') versions.set(sub, (versions.get(sub) ?? 0) + 1);
  const page = /^\/api\/(\w+)/.exec(request.url ?? '')?.[1] as keyof typeof TTL_SECONDS;
  const body = JSON.stringify({ sub, version: versions.get(sub) ?? 0 });
  response
    .writeHead(200, {
      'cache-control': `private, max-age=${TTL_SECONDS[page]}`,
      'content-length': body.length,
    })
    .end(body);
});
const wasm = await buildService({ name: 'offload', policy: 'bench/policies/offload.ts' });

async function replay(trace: readonly Visit[], name: string) {
  const edge = await startEdge({ originUrl: origin.url, wasm });
  const issued = new Map<string, Promise<string>>();
  const tokenOf = ({ user, token }: Visit) => {
    const id = `${user} ${token}`;
    const known =
      issued.get(id) ??
      tokens.issue(
        { name: id, sub: `${name} ${user}`, tenant: { id: 'bench' }, role: 'member' },
        'app',
        3600,
      );
    issued.set(id, known);
    return known;
  };
  await Promise.all(trace.map(tokenOf));
  fetched = 0;
  let stale = 0;
  let foreign = 0;
  const startedMs = performance.now();
  await Promise.all(
    trace.map(async (visit) => {
      const bearer = await tokenOf(visit);
      await new Promise((resolve) =>
        setTimeout(resolve, visit.atSeconds * 1000 - (performance.now() - startedMs)),
      );
      const sub = `${name} ${visit.user}`;
      const written = versions.get(sub) ?? 0;
      const answer = await send(edge.url, `/api/${visit.page}`, {
        method: visit.write ? 'PUT' : 'GET',
        headers: { authorization: `Bearer ${bearer}` },
      });
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      const page = answer.json<{ sub: string; version: number }>();
      if (page.sub !== sub) foreign += 1;
      // What this person had written, and been told so, before they asked.
      if (!visit.write && page.version < written) stale += 1;
    }),
  );
  await edge.stop();
  return { fetched, stale, foreign };
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const rows = [];
for (const [name, options] of Object.entries(TRACES)) {
  const trace = makeTrace(options, seeded(42));
  const optimum = originRequests(trace, TTL_SECONDS, ({ user, page }) => `${user} ${page}`);
  const byToken = originRequests(trace, TTL_SECONDS, ({ user, page, token }) => `${user} ${token} ${page}`);
  const ours = await replay(trace, name);
  const saved = (count: number) => `${(100 - (100 * count) / trace.length).toFixed(1)} %`;
  rows.push({
    trace: name,
    'no cache': trace.length,
    'token as key': `${byToken} (${saved(byToken)})`,
    claimcache: `${ours.fetched} (${saved(ours.fetched)})`,
    optimum: `${optimum} (${saved(optimum)})`,
    'claimcache / optimum': (ours.fetched / optimum).toFixed(3),
    'own stale reads': ours.stale,
    'pages of others': ours.foreign,
  });
}
report('Origin requests (and how many fewer than without a cache)', rows, { speed: SPEED });
await origin.stop();
