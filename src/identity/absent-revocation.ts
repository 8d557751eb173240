import type { isRevoked as Real } from './revocation.ts';

/** Stands in where the policy has no revocation: nobody asks it. */
export const isRevoked: typeof Real = async () => 'unavailable';
