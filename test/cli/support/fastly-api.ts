import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as it arrived. */
export interface RecordedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** An answer to give instead of the documented one. */
export interface PlannedAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export interface FastlyApi {
  readonly url: string;
  readonly token: string;
  readonly serviceId: string;
  readonly calls: RecordedCall[];
  /** Consulted before each call is answered; undefined: as documented. */
  plan: (call: RecordedCall, index: number) => PlannedAnswer | 'hang-up' | undefined;
  /** Keys of all batches that were accepted. */
  purgedKeys(): string[];
  stop(): Promise<void>;
}

const SERVICE_ID = 'SU1Z0isxPaozGVKXdv0eY';

/**
 * A stand-in for Fastly's API that holds callers to the documented contract of purging: the token's header, the
 * content type, 256 keys at most.
 */
export async function startFastlyApi(): Promise<FastlyApi> {
  const token = 'stand-in-token';
  const accepted: string[] = [];
  const api: Omit<FastlyApi, 'url' | 'stop'> = {
    token,
    serviceId: SERVICE_ID,
    calls: [],
    plan: () => undefined,
    purgedKeys: () => accepted,
  };

  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const call: RecordedCall = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body:
          text === ''
            ? null
            : request.headers['content-type'] === 'application/json'
              ? JSON.parse(text)
              : text,
      };
      api.calls.push(call);
      const planned = api.plan(call, api.calls.length - 1) ?? documented(call, token, accepted);
      if (planned === 'hang-up') return request.socket.destroy();
      response.writeHead(planned.status, { 'content-type': 'application/json', ...planned.headers });
      response.end(JSON.stringify(planned.body ?? {}));
    });
  });
  const url = await listen(server);
  return Object.assign(api, { url, stop: () => closed(server) });
}

/** What Fastly's reference says of each call. */
function documented(call: RecordedCall, token: string, accepted: string[]): PlannedAnswer {
  if (call.headers['fastly-key'] !== token) {
    return { status: 401, body: { msg: 'Provided credentials are missing or invalid' } };
  }
  if (call.path.startsWith('/resources/stores/kv')) return keyValueStore(call);
  if (call.method !== 'POST') return { status: 405, body: { msg: 'Method not allowed' } };
  const [, id, action, key] = /^\/service\/([^/]+)\/(purge|purge_all)(?:\/(.+))?$/.exec(call.path) ?? [];
  if (id !== SERVICE_ID) return { status: 404, body: { msg: 'Record not found' } };
  if (action === 'purge_all') return { status: 200, body: { status: 'ok' } };
  const keys = key === undefined ? listedKeys(call) : [decodeURIComponent(key)];
  if (keys === null || keys.length === 0 || keys.length > 256) {
    return { status: 400, body: { msg: 'Bad request', detail: '1 to 256 surrogate keys' } };
  }
  accepted.push(...keys);
  return { status: 200, body: Object.fromEntries(keys.map((name, i) => [name, `108-${i}`])) };
}

/** The account has one KV Store; an item is written under its percent-encoded key. */
function keyValueStore(call: RecordedCall): PlannedAnswer {
  if (call.method === 'GET' && call.path.startsWith('/resources/stores/kv?name=')) {
    const name = decodeURIComponent(call.path.split('=')[1] ?? '');
    return {
      status: 200,
      body: { data: name === 'claimcache_revocations' ? [{ id: 'kvstore1', name }] : [] },
    };
  }
  const isItem = /^\/resources\/stores\/kv\/kvstore1\/keys\/[^/]+$/.test(call.path);
  const ttl = call.headers.time_to_live_sec;
  if (call.method !== 'PUT' || !isItem) return { status: 404, body: { msg: 'Record not found' } };
  return /^\d+$/.test(String(ttl)) ? { status: 200 } : { status: 400, body: { msg: 'Bad request' } };
}

function listedKeys(call: RecordedCall): string[] | null {
  const header = call.headers['surrogate-key'];
  if (typeof header === 'string') return header.split(' ');
  if (!/^application\/json/.test(call.headers['content-type'] ?? '')) return null;
  const { surrogate_keys: keys } = (call.body ?? {}) as { surrogate_keys?: unknown };
  const isList = Array.isArray(keys) && keys.every((item) => typeof item === 'string' && !/\s/.test(item));
  return isList ? keys : null;
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
