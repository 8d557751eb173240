import type { LocalKeys } from '../../scripts/local-keys.ts';
import { siteKeys } from '../site/keys.ts';
import { createOrigin } from '../site/origin/create-origin.ts';
import type { OriginOptions } from '../site/origin/options.ts';
import { listenOnFreePort, type RunningServer } from './listen-on-free-port.ts';

export interface RunningOrigin extends RunningServer {
  readonly keys: LocalKeys;
}

export interface StartOriginOptions extends Pick<OriginOptions, 'accessSecret'> {
  /** How long each page takes. Default 0. */
  readonly delayMs?: number;
  /** What the edge has to prove itself with. Default null: nothing. */
  readonly originSecret?: string | null;
  /** Default: a free one. */
  readonly port?: number;
}

/** The test site's origin, in this process, on a port of 127.0.0.1. */
export async function startOrigin({ port, ...options }: StartOriginOptions = {}): Promise<RunningOrigin> {
  const keys = await siteKeys();
  const server = createOrigin({ ...options, ...keys, originSecret: options.originSecret ?? null });
  return { ...(await listenOnFreePort(server, port)), keys };
}
