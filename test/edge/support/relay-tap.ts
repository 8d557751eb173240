import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forward } from '../../../cli/dev/forward.ts';

/** A request that passed by. */
export interface Tapped {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export interface RelayTap {
  readonly url: string;
  readonly seen: readonly Tapped[];
  /** Where requests go; null: it refuses them with a page of its own. */
  lead(toUrl: string | null): void;
  stop(): Promise<void>;
}

/** What stands between two instances and writes down what passes: on a port of 127.0.0.1. */
export async function startRelayTap(port: number): Promise<RelayTap> {
  const seen: Tapped[] = [];
  let to: string | null = null;
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    if (url !== '/') seen.push({ method, target: url, headers });
    if (to === null) {
      response.writeHead(200, { 'cache-control': 'public, max-age=600' }).end('a page of somebody else');
      return;
    }
    forward(request, response, new URL(to));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    lead(toUrl) {
      to = toUrl;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
