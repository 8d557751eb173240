import { createServer } from 'node:http';
import { closed, type FastlyApi, listen } from './fastly-api.ts';

export interface ClosedDoor {
  readonly url: string;
  /** Hosts that something wanted to reach, all refused. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** A proxy that lets nothing through: a test talks to this machine alone, and does not wait for a network. */
export async function startClosedDoor(): Promise<ClosedDoor> {
  const asked: string[] = [];
  const server = createServer((_, response) => response.writeHead(502).end());
  server.on('connect', (request, socket) => {
    asked.push(String(request.url));
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  return { url: await listen(server), asked, stop: () => closed(server) };
}

/** The environment of a person whose Fastly account is the stand-in; `home` has the command's own settings. */
export function fastlyEnv(api: FastlyApi, door: ClosedDoor, home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    TERM: 'xterm',
    COLUMNS: '200',
    FASTLY_API_TOKEN: api.token,
    FASTLY_API_ENDPOINT: api.url,
    FASTLY_ACCOUNT_ENDPOINT: api.url,
    // Else the first build waits five seconds, so that a notice can be read.
    FASTLY_WASM_METADATA_DISABLE: 'true',
    HTTPS_PROXY: door.url,
    HTTP_PROXY: door.url,
    NO_PROXY: '127.0.0.1',
    npm_config_update_notifier: 'false',
  };
}
