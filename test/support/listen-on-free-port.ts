import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server, listening on a free port of 127.0.0.1, or on the one that is named. */
export async function listenOnFreePort(server: Server, wanted = 0): Promise<RunningServer> {
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
