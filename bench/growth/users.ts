import { buildService } from '../../test/support/build-service.ts';
import { startEdge } from '../../test/support/start-edge.ts';
import { load } from '../support/load.ts';
import { createTokenMint } from '../support/token-mint.ts';
import { startConstantOrigin } from './constant-origin.ts';

const CONNECTIONS = 4;
/** Requests of one measurement. */
const SAMPLE = 400;
const BATCH = 2000;
/** Tokens of one request that brings a crowd. */
const CROWD = 200;

/**
 * More and more people, each with an entry of their own: how fast new ones come in, and how fast those who are there are
 * served, with a token that no sandbox has seen. `counts` are totals, in order. Only the last ones of each total come over
 * HTTP: the others are let in by hundreds, through a door that only this service has (`bench/services/crowd.ts`).
 */
export async function growUsers(counts: readonly number[]): Promise<Record<string, string | number>[]> {
  const mint = await createTokenMint([]);
  const origin = await startConstantOrigin();
  const wasm = await buildService({
    name: 'crowd',
    policy: 'bench/policies/offload.ts',
    entry: 'bench/services/crowd.ts',
  });
  const edge = await startEdge({
    originUrl: origin.url,
    wasm,
    secrets: { test_hmac: mint.secret },
    keepLogs: false,
  });
  const tokensOf = (users: readonly number[]) =>
    Promise.all(users.map((user) => mint.issue('HS256', `u${user}`, { team: '-' })));
  const letIn = async (users: readonly number[]) => {
    const body = (await tokensOf(users)).join('\n');
    const answer = await fetch(`${edge.url}/crowd?path=/api/orders`, { method: 'POST', body });
    const text = await answer.text();
    if (text !== JSON.stringify({ '200 MISS': users.length })) throw new Error(`the crowd got ${text}`);
  };
  const ask = async (users: readonly number[], cache: 'HIT' | 'MISS') => {
    const tokens = await tokensOf(users);
    return load(`${edge.url}/api/orders`, {
      requests: tokens.length,
      atMostMs: Number.POSITIVE_INFINITY,
      connections: CONNECTIONS,
      status: 200,
      cache,
      headers: () => ({ authorization: `Bearer ${tokens.pop()}` }),
    });
  };
  const rows = [];
  let known = 0;
  for (const count of counts) {
    let missRate = Number.NaN;
    const next = (most: number) => {
      const users = Array.from({ length: Math.min(most, count - known) }, (_, i) => known + i);
      known += users.length;
      return users;
    };
    const crowds = async () => {
      while (known + CROWD + BATCH <= count) await letIn(next(CROWD));
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, crowds));
    while (known < count) missRate = (await ask(next(BATCH), 'MISS')).requestsPerSecond;
    const sample = Array.from({ length: SAMPLE }, () => Math.floor(Math.random() * known));
    const { requestsPerSecond, p50Ms, p99Ms } = await ask(sample, 'HIT');
    rows.push({
      'distinct users': known,
      'new ones a second': missRate.toFixed(0),
      'HITs a second': requestsPerSecond.toFixed(0),
      'HIT, p50 ms': p50Ms.toFixed(1),
      'HIT, p99 ms': p99Ms.toFixed(1),
    });
  }
  await edge.stop();
  await origin.stop();
  return rows;
}
