import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SentRequest } from '../../src/testing/edge-request.ts';
import type { MemoryAnswer } from '../../src/testing/memory-service.ts';

export interface RunningMemoryServer {
  readonly url: string;
  stop(): Promise<void>;
}

type Serve = (request: SentRequest, clientAddress: string) => Promise<MemoryAnswer>;

/** The engine in memory behind a server of Node, on a free port of 127.0.0.1: bodies stream in and out. */
export async function startMemoryServer(serve: Serve): Promise<RunningMemoryServer> {
  const server = createServer((request, response) => {
    answer(serve, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(serve: Serve, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { response: given } = await serve(sentRequest(request), request.socket.remoteAddress ?? '127.0.0.1');
  response.writeHead(given.status, [...given.headers].flat());
  if (given.body === null || request.method === 'HEAD') {
    await given.body?.cancel();
    response.end();
  } else {
    // What breaks off breaks off for the client too.
    await pipeline(Readable.fromWeb(given.body as never), response).catch(() => response.destroy());
  }
  // A body that nobody wanted must not stand before the next request of this connection.
  request.on('error', () => {}).resume();
}

function sentRequest(request: IncomingMessage): SentRequest {
  const { method = 'GET', url: target = '/', rawHeaders } = request;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  const hasBody = headers.has('content-length') || headers.has('transfer-encoding');
  return {
    method,
    url: /^https?:\/\//i.test(target) ? target : `http://${headers.get('host') ?? 'localhost'}${target}`,
    headers,
    body: hasBody ? (Readable.toWeb(request) as ReadableStream<Uint8Array>) : null,
  };
}
