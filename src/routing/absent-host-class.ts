import type { hostClassOf as Real } from './host-class.ts';

/** Stands in where no route of the policy names hosts. */
export const hostClassOf: typeof Real = () => '';
