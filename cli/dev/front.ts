import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What is quiet for so long after an answer has no answer under way. */
const QUIET_MS = 500;
/** However slow an origin is: the server behind is ended then. */
const TIMEOUT_MS = 20_000;

interface Connection {
  readonly client: Socket;
  readonly port: number;
  /** When bytes last went by, and whether they were the server's. */
  lastMs: number;
  isAnswered: boolean;
}

/** The address that stays, before local servers that come and go. */
export interface Front {
  readonly port: number;
  /** New connections go to this port of 127.0.0.1. Resolves when no connection to another one has an answer under way. */
  use(port: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Listens on 127.0.0.1, and passes bytes on as they are: what a client has sent is what the service reads. A connection that comes
 * before there is a server waits for one.
 *
 * @throws with `code` EADDRINUSE where somebody else listens there.
 */
export async function startFront(wanted: number): Promise<Front> {
  const connections = new Set<Connection>();
  const waiting = new Set<Socket>();
  let current: number | null = null;

  const join = (client: Socket, port: number) => {
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const connection: Connection = { client, port, lastMs: Date.now(), isAnswered: true };
    connections.add(connection);
    const note = (isAnswered: boolean) => () => {
      connection.lastMs = Date.now();
      connection.isAnswered = isAnswered;
    };
    client.on('data', note(false)).pipe(server);
    server.on('data', note(true)).pipe(client);
    const end = () => {
      connections.delete(connection);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
  };

  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    client.setNoDelay(true);
    if (current !== null) return join(client, current);
    waiting.add(client);
    client.on('error', () => waiting.delete(client)).on('close', () => waiting.delete(client));
  });
  listener.listen(wanted, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();

  return {
    port: typeof address === 'object' && address !== null ? address.port : wanted,
    async use(port) {
      current = port;
      for (const client of waiting) join(client, port);
      waiting.clear();
      const deadlineMs = Date.now() + TIMEOUT_MS;
      for (;;) {
        const old = [...connections].filter((connection) => connection.port !== current);
        for (const { client, lastMs, isAnswered } of old) {
          const isQuiet = isAnswered && Date.now() - lastMs > QUIET_MS;
          if (isQuiet || Date.now() > deadlineMs) client.destroy();
        }
        if (old.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async stop() {
      listener.close();
      for (const client of [...waiting, ...[...connections].map((connection) => connection.client)])
        client.destroy();
    },
  };
}
