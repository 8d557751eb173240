import type { ServerResponse } from 'node:http';

/** As often as a page is told, in milliseconds, if anything has changed. */
const INTERVAL_MS = 1000;
/** As often where nothing has: the present moves on. */
const IDLE_MS = 5000;

export interface EventSources {
  /** All of it: the event `state`. */
  readonly state: () => unknown;
  /** What has come since it was asked before: the event `more`. */
  readonly news: () => unknown;
}

export interface EventStream {
  add(response: ServerResponse): void;
  /** Something has changed: everyone is told with the next interval. */
  changed(): void;
  close(): void;
}

/** Server-Sent Events: everyone gets the state at once, and then what is new, at most once in an interval. */
export function createEventStream({ state, news }: EventSources): EventStream {
  const clients = new Set<ServerResponse>();
  /** They have not read what they were sent, and missed what was new: they get the state again. */
  const behind = new Set<ServerResponse>();
  let hasChanged = false;
  let idleMs = 0;
  const message = (name: 'state' | 'more', data: unknown) =>
    `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

  function tell(): void {
    // Asked for even where nobody listens: it is what has come since the last time.
    const fresh = news();
    if (clients.size === 0) return;
    const more = message('more', fresh);
    for (const client of clients) {
      if (client.writableNeedDrain) behind.add(client);
      else client.write(behind.delete(client) ? message('state', state()) : more);
    }
  }

  const ticks = setInterval(() => {
    idleMs += INTERVAL_MS;
    if (!hasChanged && idleMs < IDLE_MS) return;
    hasChanged = false;
    idleMs = 0;
    tell();
  }, INTERVAL_MS);

  return {
    add(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(message('state', state()));
      clients.add(response);
      response.once('close', () => {
        clients.delete(response);
        behind.delete(response);
      });
    },
    changed() {
      hasChanged = true;
    },
    close() {
      clearInterval(ticks);
      for (const client of clients) client.end();
    },
  };
}
