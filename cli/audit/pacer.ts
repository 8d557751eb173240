import type { World } from '../base/world.ts';

/** The audit has asked as often as it may. What was not asked is not proven. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

export interface Pacer {
  /**
   * Resolves when the next request may go.
   *
   * @throws {BudgetSpent}
   */
  turn(): Promise<void>;
  readonly spent: number;
}

/** At most `perSecond` requests in a second on average, a burst of as many at once, and `maxRequests` in all. */
export function createPacer(
  world: Pick<World, 'nowMs' | 'sleepMs'>,
  perSecond: number,
  maxRequests: number,
): Pacer {
  const startedMs = world.nowMs();
  let spent = 0;
  /** When the next request is due, at an even pace. */
  let dueMs = startedMs - 1000;
  return {
    async turn() {
      if (spent >= maxRequests) throw new BudgetSpent();
      spent++;
      // Unused turns are kept for a second: a burst is what finds requests that are answered together.
      dueMs = Math.max(dueMs, world.nowMs() - 1000) + 1000 / perSecond;
      const waitMs = dueMs - world.nowMs();
      if (waitMs > 0) await world.sleepMs(waitMs);
    },
    get spent() {
      return spent;
    },
  };
}
