import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createOrigin } from '../../demo/origin/create-origin.ts';
import type { OriginOptions } from '../../demo/origin/options.ts';
import { type DemoKeys, demoKeys } from '../../scripts/demo-keys.ts';

export interface RunningOrigin {
  readonly url: string;
  readonly keys: DemoKeys;
  stop(): Promise<void>;
}

export interface StartOriginOptions extends Pick<OriginOptions, 'web' | 'purge' | 'accessSecret'> {
  /** How long each page takes. Default 0. */
  readonly delayMs?: number;
  /** What the edge has to prove itself with. Default null: nothing. */
  readonly originSecret?: string | null;
}

/** The demo origin, in this process, on a free port of 127.0.0.1. */
export async function startOrigin(options: StartOriginOptions = {}): Promise<RunningOrigin> {
  const keys = await demoKeys();
  const server = createOrigin({ ...options, ...keys, originSecret: options.originSecret ?? null });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    keys,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
