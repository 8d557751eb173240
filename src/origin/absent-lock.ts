import type { lockedWays as Real } from './origin-lock.ts';

/** Stands in where no origin of the policy is locked. */
export const lockedWays: typeof Real = (ways) => ways;
