import { Pool } from 'undici';
import { startScriptedOrigin } from '../../test/edge/support/scripted-origin.ts';
import { startEdge } from '../../test/support/start-edge.ts';
import { cpuMsOf } from '../support/cpu-of.ts';
import { quantile } from '../support/quantile.ts';

interface Download {
  readonly cache: string;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

const CHUNK = Buffer.alloc(65_536, 'claimcache');

/** Public bodies of more and more bytes, from the origin and from the cache. */
export async function growBodies(sizes: readonly number[]): Promise<Record<string, string | number>[]> {
  const origin = await startScriptedOrigin();
  origin.answer(async (request, response) => {
    let left = Number(/\/(\d+)\./.exec(request.url ?? '')?.[1] ?? 0);
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=3600',
      'content-length': left,
    });
    for (; left > 0; left -= CHUNK.length) {
      if (!response.write(CHUNK.subarray(0, left)))
        await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end();
  });
  const edge = await startEdge({ originUrl: origin.url });
  const pool = new Pool(edge.url, { connections: 1 });
  const rows = [];
  for (const size of sizes) {
    const miss = await download(pool, size);
    // A large body is in the cache when its last byte is; so is the first look that comes too early.
    for (let tries = 0; (await download(pool, size)).cache !== 'HIT'; tries++)
      if (tries === 20) throw new Error(`${size} bytes are never a HIT`);
    const repeats = Math.max(3, Math.min(50, Math.round(5e7 / size)));
    const cpuBefore = cpuMsOf(edge.pid) ?? Number.NaN;
    const hits: Download[] = [];
    for (let i = 0; i < repeats; i++) hits.push(await download(pool, size));
    const cpuMs = ((cpuMsOf(edge.pid) ?? Number.NaN) - cpuBefore) / repeats;
    if (hits.some(({ cache }) => cache !== 'HIT')) throw new Error(`${size} bytes are not always a HIT`);
    const totalMs = quantile(
      hits.map((hit) => hit.totalMs),
      0.5,
    );
    rows.push({
      bytes: size,
      'MISS, first byte ms': miss.firstByteMs.toFixed(1),
      'MISS, whole ms': miss.totalMs.toFixed(1),
      'HIT, first byte ms': quantile(
        hits.map((hit) => hit.firstByteMs),
        0.5,
      ).toFixed(1),
      'HIT, whole ms': totalMs.toFixed(1),
      'HIT, MB/s': (size / 1e3 / totalMs).toFixed(1),
      'HIT, CPU ms of Viceroy': cpuMs.toFixed(1),
    });
  }
  await pool.close();
  await edge.stop();
  await origin.stop();
  return rows;
}

async function download(pool: Pool, size: number): Promise<Download> {
  const startedMs = performance.now();
  const { statusCode, headers, body } = await pool.request({ path: `/assets/${size}.bin`, method: 'GET' });
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  const iterator = body[Symbol.asyncIterator]();
  let length = ((await iterator.next()).value as Buffer | undefined)?.length ?? 0;
  const firstByteMs = performance.now() - startedMs;
  for (let next = await iterator.next(); !next.done; next = await iterator.next())
    length += (next.value as Buffer).length;
  if (length !== size) throw new Error(`${length} bytes of ${size}`);
  return { cache: String(headers['x-cache']), firstByteMs, totalMs: performance.now() - startedMs };
}
