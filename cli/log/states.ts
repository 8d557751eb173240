import type { CacheState } from '../../src/http/cache-status.ts';

/** How many requests ended in each state. */
export type States = Readonly<Record<CacheState, number>>;
