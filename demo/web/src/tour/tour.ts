import { PAGE_PATHS } from '../measure/page-paths.ts';
import { createStore } from '../measure/store.ts';
import { nextVisits, type Visit } from '../measure/visits.ts';
import type { UserSession } from '../session/user-session.ts';
import { TOUR } from './tour-steps.ts';

export interface StepResult {
  readonly seen: readonly Visit[];
  readonly isAsTold: boolean;
}

export interface TourState {
  readonly isOpen: boolean;
  readonly isBusy: boolean;
  /** Of the steps that were taken, in their order. */
  readonly results: readonly StepResult[];
  /** Why the last one could not be taken; empty where it could. */
  readonly problem: string;
}

const CLOSED: TourState = { isOpen: false, isBusy: false, results: [], problem: '' };

/** The tour lives longer than the page of one person: two of its steps sign somebody else in. */
export const tour = createStore<TourState>(CLOSED);

export function openTour(): void {
  tour.set({ ...CLOSED, isOpen: true });
}

export function closeTour(): void {
  tour.set(CLOSED);
}

/** The person whose pages are shown, who asks for all of them again. */
let reload: () => Promise<unknown> = async () => {};
/** Returns what takes it back. */
export function reloadWith(how: () => Promise<unknown>): () => void {
  reload = how;
  return () => {
    if (reload === how) reload = async () => {};
  };
}

export async function takeStep(session: UserSession): Promise<void> {
  const { isBusy, results } = tour.current();
  const step = TOUR[results.length];
  if (isBusy || step === undefined) return;
  const busy = { ...tour.current(), isBusy: true, problem: '' };
  tour.set(busy);
  /** A tour that was ended meanwhile, or begun anew, has no use for the result. */
  const end = (changes: Partial<TourState>) => {
    if (tour.current() === busy) tour.set({ ...busy, isBusy: false, ...changes });
  };
  try {
    const seen = await step.run({
      session,
      reload: () => reload(),
      async visitAfter(work) {
        const visited = nextVisits(PAGE_PATHS);
        // Where the work fails nobody waits for the visits.
        visited.catch(() => {});
        await work();
        return visited;
      },
    });
    end({ results: [...results, { seen, isAsTold: step.isAsTold(seen) }] });
  } catch (error) {
    end({ problem: (error as Error).message });
  }
}
