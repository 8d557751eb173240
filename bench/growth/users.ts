import { buildService } from '../../test/support/build-service.ts';
import { startEdge } from '../../test/support/start-edge.ts';
import { load } from '../support/load.ts';
import { createTokenMint } from '../support/token-mint.ts';
import { startConstantOrigin } from './constant-origin.ts';

const CONNECTIONS = 4;
/** Requests of one measurement. */
const SAMPLE = 400;
const BATCH = 2000;

/**
 * More and more people, each with an entry of their own: how fast new ones come in, and how fast those who are there are
 * served, with a token that no sandbox has seen. `counts` are totals, in order.
 */
export async function growUsers(counts: readonly number[]): Promise<Record<string, string | number>[]> {
  const mint = await createTokenMint([]);
  const origin = await startConstantOrigin();
  const wasm = await buildService({ name: 'offload', policy: 'bench/policies/offload.ts' });
  const edge = await startEdge({
    originUrl: origin.url,
    wasm,
    secrets: { test_hmac: mint.secret },
    keepLogs: false,
  });
  const ask = async (users: readonly number[], cache: 'HIT' | 'MISS') => {
    const tokens = await Promise.all(users.map((user) => mint.issue('HS256', `u${user}`, { team: '-' })));
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
    while (known < count) {
      const users = Array.from({ length: Math.min(BATCH, count - known) }, (_, i) => known + i);
      missRate = (await ask(users, 'MISS')).requestsPerSecond;
      known += users.length;
    }
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
