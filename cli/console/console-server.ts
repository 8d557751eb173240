import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConsoleFacts, LiveNews } from '../log/live-news.ts';
import { createLiveWindow } from '../log/live-window.ts';
import { readLogLine } from '../log/read-log-line.ts';
import { type Refusal, refuseHost, refuseKey, refuseOrigin } from './admit.ts';
import type { AskService } from './ask-service.ts';
import { sendPageFile } from './console-page.ts';
import { type ConsoleTask, taskOf } from './console-task.ts';
import { doTask } from './do-task.ts';
import { createEventStream } from './event-stream.ts';
import type { WriteSwitch } from './switch-order.ts';

export interface ConsoleOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Of the built page: `build/web`. */
  readonly folder: string;
  /** null where no operator's token is known: then nothing can be purged or explained. */
  readonly askService: AskService | null;
  /** null or none: the page shows the commands that set a switch. */
  readonly writeSwitch?: WriteSwitch | null;
  readonly nowMs?: () => number;
}

export interface RunningConsole {
  /** With the key in its fragment, which is sent to nobody. */
  readonly url: string;
  /** One line of the service's log, with or without what stands before it. */
  readonly read: (line: string) => void;
  /** What the console knows beside the log, as soon as it does. */
  readonly know: (facts: Partial<ConsoleFacts>) => void;
  /** There will be no more lines; the last state stays. */
  readonly end: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * The edge console on 127.0.0.1: its page, the live state (Server-Sent Events), and what the operator may do.
 *
 * It holds a right (to purge) that others on this machine, and pages in the same browser, do not have. So every request is checked: see admit.ts.
 */
export async function startConsole({
  port: wanted,
  folder,
  askService,
  writeSwitch = null,
  nowMs = Date.now,
}: ConsoleOptions): Promise<RunningConsole> {
  const key = randomBytes(18).toString('base64url');
  const window = createLiveWindow(nowMs);
  let isEnded = false;
  let facts: ConsoleFacts = {
    routes: {},
    home: null,
    switches: writeSwitch === null ? 'shown' : 'written',
  };
  const events = createEventStream({
    state: (): LiveNews => ({ ...window.state(), isEnded, facts }),
    news: (): LiveNews => ({ ...window.news(), isEnded, facts }),
  });
  let port = wanted;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else json(response, 500, { error: 'the console failed' });
    });
  });
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    // Its timers would keep a command alive that has already said that the port is taken.
    events.close();
    throw error;
  }
  port = (server.address() as AddressInfo).port;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://console');
    const refused = refuseHost(request, port);
    if (refused) return refuse(response, refused);
    if (request.method === 'GET' && url.pathname === '/events') {
      // An EventSource sends no header of ours. The address is seen by nobody else, and stands in no log.
      const keyless = refuseKey(url.searchParams.get('key'), key);
      return keyless ? refuse(response, keyless) : events.add(response);
    }
    const task = taskOf(url.pathname);
    if (request.method === 'POST' && task !== null) return serve(task, request, response);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && (await sendPageFile(response, folder, url.pathname))) return;
    json(response, 404, { error: 'not found' });
  }

  async function serve(task: ConsoleTask, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = request.headers['x-console-key'];
    const refused = refuseOrigin(request) ?? refuseKey(typeof given === 'string' ? given : null, key);
    if (refused) return refuse(response, refused);
    const ordered: typeof window.ordered = (order) => {
      window.ordered(order);
      events.changed();
    };
    const { status, body } = await doTask(task, request, { askService, writeSwitch, ordered, nowMs });
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body);
  }

  return {
    url: `http://127.0.0.1:${port}/#key=${key}`,
    read(line) {
      const record = readLogLine(line);
      if (record !== null && window.take(record)) events.changed();
    },
    know(more) {
      facts = { ...facts, ...more };
      events.changed();
    },
    end() {
      isEnded = true;
      events.changed();
    },
    async stop() {
      events.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function refuse(response: ServerResponse, { status, error }: Refusal): void {
  json(response, status, { error });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
