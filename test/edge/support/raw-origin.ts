import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawOrigin {
  readonly url: string;
  /** The heads of the requests so far, and what came with them at once. */
  readonly requests: readonly string[];
  /** The bytes of its answers from now on, by the head of the request; null: it says nothing. */
  answer(bytes: (head: string) => string | null): void;
  stop(): Promise<void>;
}

/** An origin that speaks bytes instead of HTTP, one request for each connection, on a port of 127.0.0.1. */
export async function startRawOrigin(port: number): Promise<RawOrigin> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let bytesOf: (head: string) => string | null = () => '';
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let head = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      const isKnown = head.includes('\r\n\r\n');
      head += text;
      if (isKnown || !head.includes('\r\n\r\n')) return;
      requests.push(head);
      const bytes = bytesOf(head);
      if (bytes !== null) socket.end(Buffer.from(bytes, 'latin1'));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(bytes) {
      bytesOf = bytes;
    },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
