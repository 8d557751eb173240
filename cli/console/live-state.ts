import type { Snapshot } from '../log/snapshot.ts';

/** What the console's page is sent. */
export interface LiveState extends Snapshot {
  /** The log has ended: nothing will come any more. */
  readonly isEnded: boolean;
}
