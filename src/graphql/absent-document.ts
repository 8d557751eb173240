import type { createReadDocument as Real } from './document.ts';

/** Stands in for the parser where no route of the policy is a GraphQL endpoint: nobody asks it. */
export const createReadDocument: typeof Real = () => async () => null;
