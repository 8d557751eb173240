import { createOrigin } from '../../../demo/origin/create-origin.ts';
import type { OriginOptions } from '../../../demo/origin/options.ts';
import { demoKeys } from '../../../scripts/demo-keys.ts';
import type { LocalKeys } from '../../../scripts/local-keys.ts';
import { listenOnFreePort, type RunningServer } from '../../support/listen-on-free-port.ts';

export interface RunningDemoOrigin extends RunningServer {
  readonly keys: LocalKeys;
}

/** The demo's origin, in this process, on a free port of 127.0.0.1. */
export async function startDemoOrigin(
  options: Pick<OriginOptions, 'web' | 'purge'>,
): Promise<RunningDemoOrigin> {
  const keys = await demoKeys();
  return { ...(await listenOnFreePort(createOrigin({ ...options, ...keys }))), keys };
}
