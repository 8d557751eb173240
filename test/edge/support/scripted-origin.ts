import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedOrigin {
  readonly url: string;
  /** The requests so far, but for Viceroy's own look whether anybody is there. */
  readonly requests: readonly IncomingMessage[];
  /** How it answers from now on. */
  answer(listener: RequestListener): void;
  /** Refuses every connection until `work` is done; `url` stays the same. */
  whileDown(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** An origin that does what a test tells it, on a port of 127.0.0.1. Default: a free one. */
export async function startScriptedOrigin(wanted = 0): Promise<ScriptedOrigin> {
  const requests: IncomingMessage[] = [];
  let listener: RequestListener = (_request, response) => response.writeHead(404).end();
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/') requests.push(request);
    listener(request, response);
  });
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(wanted);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (next) => {
      listener = next;
    },
    async whileDown(work) {
      await close();
      try {
        await work();
      } finally {
        await listen(port);
      }
    },
    stop: close,
  };
}

/** Answers with these headers, and a body that tells one answer from another. */
export function page(headers: Record<string, string>, status = 200): RequestListener {
  let count = 0;
  return (_request, response) => {
    count += 1;
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`page ${count}\n`);
  };
}

/** What `echo` answers. */
export interface Echo {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers with what it was asked, each time differently, and says nothing of freshness. */
export const echo: RequestListener = ({ url, headers }, response) => {
  const body: Echo & { readonly id: string } = {
    url: url ?? '',
    headers: headers as Echo['headers'],
    id: randomUUID(),
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
