import type { variantOf as Real } from './variant.ts';

/** Stands in where no route of the policy has variants: nobody asks it. */
export const variantOf: typeof Real = () => ({ key: [], told: [], forwarded: [] });
