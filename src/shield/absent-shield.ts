import type { shieldedWays as Real } from './through-shield.ts';

/** Stands in where no origin of the policy has a shield. */
export const shieldedWays: typeof Real = (_platform, direct) => direct;
