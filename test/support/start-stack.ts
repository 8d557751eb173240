import { siteKeys } from '../site/keys.ts';
import { ACCESS_HEADER } from '../site/origin/routes/access.ts';
import { type BuildServiceOptions, buildService } from './build-service.ts';
import { leaseEdge } from './lease-edge.ts';
import type { RunningEdge } from './start-edge.ts';
import { type RunningOrigin, startOrigin } from './start-origin.ts';
import type { TestEngine } from './test-engine.ts';

export interface Stack {
  readonly edgeUrl: string;
  readonly originUrl: string;
  readonly operatorToken: string;
  readonly edge: RunningEdge;
  readonly origin: RunningOrigin;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** A service of the test's own; without it the service is the test site's. */
  readonly service?: BuildServiceOptions;
  /** Default: the one of this run. */
  readonly engine?: TestEngine;
  readonly delayMs?: number;
  readonly originSecret?: string | null;
  /** The origin is guarded as on a public host. */
  readonly guarded?: boolean;
  readonly config?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string | null>>;
  /** See lease-edge.ts. */
  readonly withoutLocalCache?: boolean;
}

/** The test site's origin and the edge before it. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { service, delayMs = 0, originSecret = null, guarded = false, ...settings } = options;
  const built = service === undefined ? {} : { wasm: await buildService(service) };
  const accessSecret = guarded ? (await siteKeys()).originAccess : null;
  const { edge, origin } = await leaseEdge({ ...settings, ...built }, (ports) =>
    startOrigin({ delayMs, originSecret, accessSecret, port: ports.origin }),
  );
  const stop = async () => {
    // The next file may have the edge: nothing of this one is to reach its origin.
    await origin.stop();
    await edge.stop();
  };
  try {
    // Viceroy has asked for `/` to see whether the origin is up: the count begins now.
    const headers = { [ACCESS_HEADER]: accessSecret ?? '' };
    await fetch(`${origin.url}/__origin/reset`, { method: 'POST', headers });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    edgeUrl: edge.url,
    originUrl: origin.url,
    operatorToken: settings.secrets?.operator_token ?? origin.keys.operatorToken,
    edge,
    origin,
    stop,
  };
}
