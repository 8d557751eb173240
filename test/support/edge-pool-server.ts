import { createServer, type IncomingMessage } from 'node:http';
import { totalmem } from 'node:os';
import { createEdgePool, type LeaseRequest } from './edge-pool.ts';
import { ensureSiteWasm } from './ensure-site-wasm.ts';
import { listenOnFreePort } from './listen-on-free-port.ts';

/** Of Viceroys that wait: some 350 MB each. */
const MAX_FREE = totalmem() < 12e9 ? 4 : 8;

/**
 * Before the tests in the engine, once for all projects of a run: the service of the test site is there, and a pool of Viceroys, in this
 * process, so that they outlive a test file. Files find it by CLAIMCACHE_EDGE_POOL; without it each starts its own.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  await ensureSiteWasm();
  if (process.env.CLAIMCACHE_EDGE_POOL) return undefined;
  const pool = createEdgePool({ maxFree: MAX_FREE });
  const calls: Record<string, (body: never) => Promise<unknown>> = {
    lease: (request: LeaseRequest) => pool.lease(request),
    return: ({ id }: { id: number }) => pool.giveBack(id),
    end: ({ id }: { id: number }) => pool.end(id),
  };
  const server = createServer(async (request, response) => {
    try {
      const call = calls[request.url?.slice(1) ?? ''];
      const answer = await call?.(JSON.parse(await textOf(request)) as never);
      response.end(JSON.stringify(answer ?? null));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  const { url, stop } = await listenOnFreePort(server);
  process.env.CLAIMCACHE_EDGE_POOL = url;
  return async () => {
    delete process.env.CLAIMCACHE_EDGE_POOL;
    await stop();
    await pool.stop();
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
