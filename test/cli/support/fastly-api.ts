import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, breachOf, type RecordedCall, refused } from './fastly/operation.ts';
import { purging } from './fastly/purging.ts';
import { type Service, serving } from './fastly/services.ts';
import { type Store, storing } from './fastly/stores.ts';

export type { RecordedCall } from './fastly/operation.ts';

export interface FastlyApi {
  readonly url: string;
  readonly token: string;
  /** A service that exists from the start, for purges. */
  readonly serviceId: string;
  readonly calls: RecordedCall[];
  /** Calls that Fastly's reference does not know, and what is wrong with them. */
  readonly breaches: string[];
  readonly services: Map<string, Service>;
  readonly stores: Store[];
  /** Consulted before each call is answered; undefined: as documented. */
  plan: (call: RecordedCall, index: number) => Answer | 'hang-up' | undefined;
  /** Keys of all purges that were accepted. */
  purgedKeys(): string[];
  stop(): Promise<void>;
}

const SERVICE_ID = 'SU1Z0isxPaozGVKXdv0eY';

/**
 * A stand-in for Fastly's API that holds callers to its reference: paths, methods, content types, fields, and what
 * may follow what. It knows the operations of publishing, of stores and of purging, and refuses every other.
 */
export async function startFastlyApi(): Promise<FastlyApi> {
  const accepted: string[] = [];
  const services = new Map<string, Service>([
    [SERVICE_ID, { id: SERVICE_ID, name: 'claimcache', type: 'wasm', versions: [] }],
  ]);
  const stores: Store[] = [{ id: 'kvstore1', kind: 'kv', name: 'claimcache_revocations', items: new Map() }];
  const operations = [
    ...purging((id) => services.has(id), accepted),
    ...storing(stores),
    ...serving(services, stores),
  ];
  const api: Omit<FastlyApi, 'url' | 'stop'> = {
    token: 'stand-in-token',
    serviceId: SERVICE_ID,
    calls: [],
    breaches: [],
    services,
    stores,
    plan: () => undefined,
    purgedKeys: () => accepted,
  };

  async function documented(call: RecordedCall): Promise<Answer> {
    if (call.path === SIGN_IN) return { status: 200, body: {} };
    if (call.headers['fastly-key'] !== api.token) {
      return { status: 401, body: { msg: 'Provided credentials are missing or invalid' } };
    }
    const path = call.path.split('?')[0] ?? '';
    const known = operations.find((each) => each.method === call.method && each.path.test(path));
    const breach = known === undefined ? 'no such operation' : breachOf(known, call);
    if (known === undefined || breach !== null) {
      api.breaches.push(`${call.method} ${path}: ${breach}`);
      return refused(known === undefined ? 404 : 400, breach ?? '');
    }
    const parts = Object.entries(known.path.exec(path)?.groups ?? {});
    const params = Object.fromEntries(parts.map(([name, value]) => [name, decodeURIComponent(value)]));
    return known.answer(params, (call.body ?? {}) as Record<string, string>, call);
  }

  const server = createServer(async (request, response) => {
    const call = await read(request);
    api.calls.push(call);
    const planned = api.plan(call, api.calls.length - 1) ?? (await documented(call));
    if (planned === 'hang-up') return request.socket.destroy();
    response.writeHead(planned.status, { 'content-type': 'application/json', ...planned.headers });
    response.end(JSON.stringify(planned.body ?? {}));
  });
  const url = await listen(server);
  return Object.assign(api, { url, stop: () => closed(server) });
}

/** What the fastly command asks its account endpoint before anything else. */
const SIGN_IN = '/realms/fastly/.well-known/openid-configuration';

async function read(request: IncomingMessage): Promise<RecordedCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const { method = '', url: path = '', headers } = request;
  const type = headers['content-type'] ?? '';
  return { method, path, headers, body: bytes.length === 0 ? null : await parseBody(bytes, type) };
}

async function parseBody(bytes: Buffer, type: string): Promise<unknown> {
  if (type.startsWith('application/json')) return JSON.parse(bytes.toString());
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/.test(type)) return bytes.toString();
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const fields = [...form].map(async ([name, value]) => [
    name,
    typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer()),
  ]);
  return Object.fromEntries(await Promise.all(fields));
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
