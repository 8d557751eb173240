import { type LeaseOptions, leaseEdge } from '../../support/lease-edge.ts';
import type { RunningEdge } from '../../support/start-edge.ts';
import { type RelayTap, startRelayTap } from './relay-tap.ts';

interface Behind<Origin> {
  readonly origin: Origin;
  /** Leads to the shield. */
  readonly tap: RelayTap;
}

/** An instance that is a shield, with a tap before it and an origin behind it. Edges are leased before these two: `leaseEdgeBefore`. */
export async function leaseShield<Origin extends { stop(): Promise<void> }>(
  options: Omit<LeaseOptions, 'backends'>,
  startOrigin: (port: number) => Promise<Origin>,
): Promise<Behind<Origin> & { readonly shield: RunningEdge }> {
  const { edge, origin: behind } = await leaseEdge(
    { ...options, backends: ['tap'] },
    async (ports): Promise<Behind<Origin> & { stop(): Promise<void> }> => {
      const origin = await startOrigin(ports.origin);
      try {
        return { origin, tap: await startRelayTap(ports.tap ?? 0), stop: origin.stop };
      } catch (error) {
        await origin.stop();
        throw error;
      }
    },
  );
  behind.tap.lead(edge.url);
  return { shield: edge, origin: behind.origin, tap: behind.tap };
}
