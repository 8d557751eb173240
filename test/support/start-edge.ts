import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { LocalKeys } from '../../scripts/local-keys.ts';
import type { LogRecord } from '../../src/request/log-record.ts';
import { siteKeys } from '../site/keys.ts';
import { buildService, SITE_SERVICE } from './build-service.ts';
import { createEdgeLog } from './edge-log.ts';
import { configItems, type EdgeSettings, edgeManifest } from './edge-manifest.ts';
import { replaceConfig, startViceroy, type ViceroyOptions } from './start-viceroy.ts';
import { type TestEngine, testEngine, wasmFor } from './test-engine.ts';

export interface RunningEdge {
  readonly url: string;
  /** Of Viceroy. */
  readonly pid: number;
  /**
   * The lines written so far to the log endpoint `claimcache`. A line may come shortly after its response; the first
   * is that of the health check which waited for the start.
   */
  logs(): LogRecord[];
  /** Replaces the items of the Config Store; the running service has read them when this resolves. */
  configure(config: Readonly<Record<string, string>>): Promise<void>;
  /** The JSON file that is its Config Store. */
  readonly configFile: string;
  /** The Config Store cannot be read, until it is configured again. */
  breakConfig(): Promise<void>;
  /** Everything that Viceroy and the service printed, for a failing test. */
  output(): string;
  stop(): Promise<void>;
}

export interface StartEdgeOptions
  extends EdgeSettings,
    Pick<ViceroyOptions, 'verbose' | 'trace' | 'choosePort'> {
  /** Path of the service. Default: the test site's, which is built where it is not there. */
  readonly wasm?: string;
  /** What the local stores hold. Default: the keys of the test site. */
  readonly keys?: LocalKeys;
  /** Default: the one of this run, see test-engine.ts. */
  readonly engine?: TestEngine;
  /** false: of what the service logs nothing is kept, for a million requests. Default: true. */
  readonly keepLogs?: boolean;
  /** Takes each line of the log endpoint as it comes. */
  readonly onLog?: (line: string) => void;
}

/** A service in a Viceroy of its own, on a free port of 127.0.0.1, with an empty cache. */
export async function startEdge(options: StartEdgeOptions): Promise<RunningEdge> {
  const keys = options.keys ?? (await siteKeys());
  const textOf = (config: Readonly<Record<string, string>> = {}) =>
    JSON.stringify(configItems({ config }, keys));
  const log = createEdgeLog();
  const lines = new PassThrough();
  if (options.onLog) createInterface({ input: lines }).on('line', options.onLog);
  let [stdout, stderr] = ['', ''];
  const { url, pid, configFile, stop } = await startViceroy({
    ...options,
    wasm: await wasmFor(options.engine ?? testEngine(), options.wasm ?? (await buildService(SITE_SERVICE))),
    manifest: edgeManifest(options, keys),
    config: textOf(options.config),
    onStdout(text) {
      if (options.onLog) lines.write(text);
      if (options.keepLogs === false) return;
      log.add(text);
      stdout += text;
    },
    onStderr(text) {
      stderr += text;
    },
  });
  return {
    url,
    pid,
    logs: log.records,
    configure: (config) => replaceConfig(configFile, textOf(config)),
    breakConfig: () => replaceConfig(configFile, '{'),
    configFile,
    output: () => stdout + stderr,
    stop,
  };
}
