import type { ServerResponse } from 'node:http';

/** As often as a page is told, in milliseconds, if anything has changed. */
const INTERVAL_MS = 1000;
/** A comment, so that a connection which has died is noticed. */
const HEARTBEAT_MS = 15_000;

export interface EventStream {
  add(response: ServerResponse): void;
  /** Something has changed: everyone is told with the next interval. */
  changed(): void;
  close(): void;
}

/** Server-Sent Events: everyone gets the state at once, and again when it has changed, at most once in an interval. */
export function createEventStream(state: () => unknown): EventStream {
  const clients = new Set<ServerResponse>();
  let hasChanged = false;
  const message = () => `data: ${JSON.stringify(state())}\n\n`;
  const send = (text: string) => {
    for (const client of clients) {
      // A page that does not read is told less often, and nothing piles up for it.
      if (!client.writableNeedDrain) client.write(text);
    }
  };
  const ticks = setInterval(() => {
    if (!hasChanged || clients.size === 0) return;
    hasChanged = false;
    send(message());
  }, INTERVAL_MS);
  const heartbeats = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);

  return {
    add(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(message());
      clients.add(response);
      response.once('close', () => clients.delete(response));
    },
    changed() {
      hasChanged = true;
    },
    close() {
      clearInterval(ticks);
      clearInterval(heartbeats);
      for (const client of clients) client.end();
    },
  };
}
