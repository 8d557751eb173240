import { type BuildServiceOptions, buildService } from '../../support/build-service.ts';
import { leaseEdge } from '../../support/lease-edge.ts';
import type { RunningEdge } from '../../support/start-edge.ts';
import { type ScriptedOrigin, startScriptedOrigin } from './scripted-origin.ts';

export interface ScriptedStack {
  readonly edge: RunningEdge;
  readonly origin: ScriptedOrigin;
  stop(): Promise<void>;
}

/** What the test site's policy leaves at its defaults. */
export const VARIANTS: BuildServiceOptions = { name: 'variants', policy: 'test/edge/policies/variants.ts' };

/** A sandbox for each request, handlers of its own, and a log on the standard output. */
export const ONE_REQUEST: BuildServiceOptions = {
  name: 'one-request',
  policy: 'test/edge/policies/one-request.ts',
  entry: 'test/edge/services/own-handlers.ts',
};

/** Pages in several encodings, languages and lengths. */
export const REPRESENTATIONS: BuildServiceOptions = {
  name: 'representations',
  policy: 'test/edge/policies/representations.ts',
};

/** An origin that a test scripts, and a service before it: the test site's, or one of the test's own. */
export async function startScriptedStack(service?: BuildServiceOptions): Promise<ScriptedStack> {
  const built = service === undefined ? {} : { wasm: await buildService(service) };
  const { edge, origin } = await leaseEdge(built, (ports) => startScriptedOrigin(ports.origin));
  return {
    edge,
    origin,
    async stop() {
      // The next file may have the edge: nothing of this one is to reach its origin.
      await origin.stop();
      await edge.stop();
    },
  };
}
