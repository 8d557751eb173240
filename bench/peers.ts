import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt } from 'jose';
import { startScriptedOrigin } from '../test/edge/support/scripted-origin.ts';
import { checkPeer } from './peers/check.ts';
import { claimcache } from './peers/claimcache.ts';
import { nginx } from './peers/nginx.ts';
import { Missing, type Peer, type RunningPeer, type World } from './peers/peer.ts';
import { varnish } from './peers/varnish.ts';
import { workerd } from './peers/workerd.ts';
import { benchOptions } from './support/options.ts';
import { quantile } from './support/quantile.ts';
import { report } from './support/report.ts';
import { type Contender, type RoundResult, runRounds } from './support/rounds.ts';
import { createTokenMint } from './support/token-mint.ts';

/**
 * The same job before the same origin under the same load: verify a token, key by its `sub`, answer from the cache. Each
 * peer is held against its own floor, an answer without a thought: bare speed would compare a development server with
 * servers. What is not on this machine is left out, and said.
 */
const { quick } = benchOptions();
const ROUNDS = quick ? 2 : 7;
const REQUESTS = quick ? 100 : 50_000;
/** Of a round: what is fast makes many requests in it, so that its CPU can be told. */
const AT_MOST_MS = 1000;
/** Each peer meets them in turn. Whoever remembers has forgotten one when it comes again: no memory here is that large. */
const TOKENS = 4000;

const mint = await createTokenMint(['RS256']);
const origin = await startScriptedOrigin();
origin.answer((request, response) => {
  const token = request.headers.authorization?.replace(/^Bearer /, '');
  const sub = token === undefined ? '' : decodeJwt(token).sub;
  const body = JSON.stringify({ sub, orders: Array.from({ length: 8 }, (_, i) => ({ id: i })) });
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'private, max-age=3600',
      'content-length': body.length,
    })
    .end(body);
});
const [jwk] = (JSON.parse(mint.jwks) as { keys: JsonWebKey[] }).keys;
if (jwk === undefined) throw new Error('no key');
const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-peers-'));
const der = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
const world: World = {
  originUrl: origin.url,
  publicKeyDer: der.toString('base64'),
  jwks: mint.jwks,
  secret: mint.secret,
  folder,
};

const running: { peer: Peer; server: RunningPeer; shown: string }[] = [];
try {
  for (const peer of [claimcache, workerd, nginx, varnish]) {
    try {
      const server = await peer.start(world);
      running.push({ peer, server, shown: '' });
      const shown = await checkPeer(peer, server, (sub) => mint.issue(peer.algorithm, sub));
      running[running.length - 1] = { peer, server, shown };
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      console.log(`${peer.name}: left out, because ${error.message}`);
    }
  }
  await measure();
} finally {
  for (const { server } of running) await server.stop();
  await origin.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const contenders: Contender[] = [];
  for (const { peer, server } of running) {
    const seen = await bearer(peer);
    const fresh = await Promise.all(Array.from({ length: TOKENS }, () => bearer(peer)));
    let next = 0;
    const common = { status: 200, pid: server.pid, vcpuMs: null, url: server.url, cache: 'HIT' };
    contenders.push(
      {
        ...common,
        name: floorOf(peer),
        url: server.floorUrl,
        pid: server.floorPid,
        cache: null,
        headers: () => ({}),
      },
      { ...common, name: seenBy(peer), headers: () => seen },
      { ...common, name: freshBy(peer), headers: () => fresh[next++ % TOKENS] ?? seen },
    );
  }
  const results = await runRounds(contenders, {
    rounds: ROUNDS,
    requests: REQUESTS,
    atMostMs: AT_MOST_MS,
    connections: 4,
    warmUp: 100,
  });
  const median = (name: string, value: (result: RoundResult, round: number) => number) =>
    quantile((results.get(name) ?? []).map(value), 0.5);
  const rows = running.map(({ peer, shown }) => {
    const floor = floorOf(peer);
    const against = (name: string) =>
      median(
        name,
        ({ requestsPerSecond }, i) => requestsPerSecond / (results.get(floor)?.[i]?.requestsPerSecond ?? 1),
      );
    const cpuUs = (name: string) => 1000 * median(name, ({ cpuMs }) => cpuMs ?? Number.NaN);
    return {
      peer: peer.name,
      verifies: peer.algorithm,
      'forgets one person': shown === 'no purge' ? `no: ${peer.purges}` : peer.purges,
      'floor, requests/s': median(floor, ({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
      'HIT, seen token, of its floor': against(seenBy(peer)).toFixed(2),
      'HIT, fresh token, of its floor': against(freshBy(peer)).toFixed(2),
      'floor, CPU µs': cpuUs(floor).toFixed(0),
      'seen: µs above it': (cpuUs(seenBy(peer)) - cpuUs(floor)).toFixed(0),
      'fresh: µs above it': (cpuUs(freshBy(peer)) - cpuUs(floor)).toFixed(0),
      'HIT, fresh, p50 ms': median(freshBy(peer), ({ p50Ms }) => p50Ms).toFixed(2),
    };
  });
  report(`The same job (${ROUNDS} rounds of ${AT_MOST_MS / 1000} s, 4 connections, medians)`, rows);
}

async function bearer({ algorithm }: Peer): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await mint.issue(algorithm, 'u42')}` };
}

function floorOf({ name }: Peer): string {
  return `${name}: floor`;
}

function seenBy({ name }: Peer): string {
  return `${name}: token seen before`;
}

function freshBy({ name }: Peer): string {
  return `${name}: fresh token`;
}
