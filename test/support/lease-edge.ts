import { fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import type { LogRecord } from '../../src/request/log-record.ts';
import { siteKeys } from '../site/keys.ts';
import { buildService, SITE_SERVICE } from './build-service.ts';
import { createEdgeLog } from './edge-log.ts';
import { configItems, type EdgeSettings, edgeManifest } from './edge-manifest.ts';
import { addressOf, type Lease, type LeaseRequest } from './edge-pool.ts';
import { send } from './send.ts';
import { type RunningEdge, type StartEdgeOptions, startEdge } from './start-edge.ts';
import { replaceConfig } from './start-viceroy.ts';
import { testEngine, wasmFor } from './test-engine.ts';

export interface LeaseOptions
  extends Pick<EdgeSettings, 'config' | 'secrets' | 'shieldingSites'>,
    Pick<StartEdgeOptions, 'wasm' | 'engine' | 'verbose'> {
  /**
   * CoreCache where nothing else is there, as in plain Viceroy. Default: with a service of the test's own; the test site's chooses it by
   * `cache_engine`, so that both engines share a Viceroy.
   */
  readonly withoutLocalCache?: boolean;
  /** Further backends, beside `origin`. */
  readonly backends?: readonly string[];
}

/** By the name of the backend. */
export type Urls = { readonly origin: string } & Readonly<Record<string, string>>;
export type Ports = { readonly origin: number } & Readonly<Record<string, number>>;

const LISTEN_TRIES = 3;
const FENCE_MS = 120_000;

/**
 * An edge before backends that `listen` starts on their ports: one of the pool's, where there is a pool, which another file has had before. It
 * begins with a cache that is as good as empty, by a `key_version` of its own, and with no line in its log but that of a first request.
 */
export async function leaseEdge<Origin extends { stop(): Promise<void> }>(
  { backends = [], ...options }: LeaseOptions,
  listen: (ports: Ports) => Promise<Origin>,
): Promise<{ readonly edge: RunningEdge; readonly origin: Origin }> {
  const pool = process.env.CLAIMCACHE_EDGE_POOL;
  const names = ['origin', ...backends];
  for (let tries = 1; ; tries++) {
    const leased = pool === undefined ? null : await leaseFrom(pool, names, addressesOf(names), options);
    const ports = leased?.ports ?? (await freePorts(backends));
    try {
      const origin = await listen(ports);
      try {
        const edge = leased?.edge ?? (await startEdge({ ...options, ...settingsOf(urlsOf(ports)) }));
        return { edge, origin };
      } catch (error) {
        await origin.stop();
        throw error;
      }
    } catch (error) {
      await leased?.end();
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || tries === LISTEN_TRIES) throw error;
    }
  }
}

/** One more edge, before backends that listen already: on the ports of another lease, so that the next file gets both again. */
export async function leaseEdgeBefore(
  urls: Urls,
  options: Omit<LeaseOptions, 'backends'>,
): Promise<RunningEdge> {
  const pool = process.env.CLAIMCACHE_EDGE_POOL;
  if (pool === undefined) return startEdge({ ...options, ...settingsOf(urls) });
  return (await leaseFrom(pool, [], urls, options)).edge;
}

async function freePorts(backends: readonly string[]): Promise<Ports> {
  const ports: Record<string, number> = {};
  for (const name of backends) ports[name] = await freePort();
  return { ...ports, origin: await freePort() };
}

const addressesOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, addressOf(name)])) as Urls;

const urlsOf = (ports: Ports) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`])) as Urls;

function settingsOf({ origin, ...backends }: Urls) {
  return { originUrl: origin, backends };
}

interface LeasedEdge {
  readonly edge: RunningEdge;
  readonly ports: Ports;
  end(): Promise<void>;
}

async function leaseFrom(
  pool: string,
  backends: readonly string[],
  urls: Urls,
  options: Omit<LeaseOptions, 'backends'>,
): Promise<LeasedEdge> {
  const keys = await siteKeys();
  const engine = options.engine ?? testEngine();
  const isChosen = engine === 'core' && !(options.withoutLocalCache ?? false);
  const itemsFor = (keyVersion: string, config: Readonly<Record<string, string>> = {}) =>
    JSON.stringify(
      configItems(
        { config: { ...(isChosen && { cache_engine: 'core' }), key_version: keyVersion, ...config } },
        keys,
      ),
    );
  const request: LeaseRequest = {
    wasm: await wasmFor(
      isChosen ? 'readthrough' : engine,
      options.wasm ?? (await buildService(SITE_SERVICE)),
    ),
    manifest: edgeManifest({ ...options, ...settingsOf(urls) }, keys),
    backends,
    verbose: options.verbose ?? false,
    config: itemsFor('', options.config),
  };
  for (;;) {
    const lease = await call<Lease>(pool, 'lease', request);
    const configure = (config?: Readonly<Record<string, string>>) =>
      replaceConfig(lease.configFile, itemsFor(`turn ${lease.turn}`, config));
    await configure(options.config);
    const output = printedBy(lease);
    const end = () => call<null>(pool, 'end', { id: lease.id });
    const first = await firstLine(lease, output).catch(() => null);
    if (first === null) {
      // It does not answer, or logs nowhere: whatever the file before has made of it.
      await end();
      if (lease.turn > 1) continue;
      throw new Error(`Viceroy answers no first request of a test file.\n${output.text()}`);
    }
    const logs = () => output.records().slice(first);
    const edge: RunningEdge = {
      url: lease.url,
      pid: lease.pid,
      logs,
      configure,
      configFile: lease.configFile,
      breakConfig: () => replaceConfig(lease.configFile, '{'),
      output: output.text,
      async stop() {
        const token = options.secrets?.operator_token ?? keys.operatorToken;
        const isUsed = await withDeadline(leavesTraces(lease.url, token, logs())).catch(() => true);
        await (isUsed ? end() : call(pool, 'return', { id: lease.id }));
      },
    };
    return { edge, ports: lease.ports as Ports, end: async () => void (await end()) };
  }
}

/** Whether its requests have left what outlives a `key_version`: counts of who purged oneself, of deliveries, or revocations. */
async function leavesTraces(
  url: string,
  operatorToken: string,
  lines: readonly LogRecord[],
): Promise<boolean> {
  const operators = lines.filter(({ lane }) => lane === 'operator');
  const isCounted = ({ reason, status }: LogRecord) =>
    reason === 'purge-hook' || (reason === 'self-purge' && (status === 200 || status === 429));
  if (operators.some(isCounted)) return true;
  if (operators.every(({ method }) => method !== 'POST')) return false;
  // The line of a revocation is that of a purge. A policy that knows none, or no operator, has no such endpoint.
  const headers = { authorization: `Bearer ${operatorToken}` };
  const { status } = await send(url, '/.edge/revoke', { method: 'POST', headers, body: '{}' });
  return status !== 404;
}

async function call<T>(pool: string, name: string, body: object): Promise<T> {
  const answer = await send(pool, `/${name}`, { method: 'POST', body: JSON.stringify(body) });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json<T>();
}

/** Where its line stands: those before are another file's. */
async function firstLine({ url }: Lease, output: Printed): Promise<number> {
  const { requestId } = (await withDeadline(send(url, '/.edge/fence'))).json<{ requestId: string }>();
  for (const startMs = performance.now(); performance.now() - startMs < FENCE_MS; await sleep(20)) {
    const line = output.records().findIndex((record) => record.requestId === requestId);
    if (line >= 0) return line;
  }
  throw new Error('Its first line is missing.');
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const late = sleep(FENCE_MS, null, { ref: false }).then(() => {
    throw new Error('No answer.');
  });
  return Promise.race([work, late]);
}

interface Printed {
  text(): string;
  records(): ReturnType<ReturnType<typeof createEdgeLog>['records']>;
}

/** What a Viceroy prints from now on. */
function printedBy({ stdoutFile, stderrFile }: Lease): Printed {
  const log = createEdgeLog();
  const [stdout, stderr] = [readerOf(stdoutFile), readerOf(stderrFile)];
  let [printed, complained] = ['', ''];
  const read = () => {
    const text = stdout();
    log.add(text);
    printed += text;
    complained += stderr();
  };
  return {
    text() {
      read();
      return printed + complained;
    },
    records() {
      read();
      return log.records();
    },
  };
}

/** Reads on each time, from where the file ends now. */
function readerOf(file: string): () => string {
  const decoder = new StringDecoder('utf8');
  const fd = openSync(file, 'r');
  let position = fstatSync(fd).size;
  return () => {
    const bytes = Buffer.alloc(fstatSync(fd).size - position);
    position += readSync(fd, bytes, 0, bytes.length, position);
    return decoder.write(bytes);
  };
}
