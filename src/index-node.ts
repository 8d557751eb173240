import type { Claimcache } from './index.ts';

export * from './exports.ts';
export type { Claimcache } from './index.ts';

const NEEDS_THE_EDGE =
  'This is the code of claimcache for Node, which serves nothing. Build for Fastly Compute with claimcache() or claimcachePlugin() of claimcache/webpack (docs/get-started/existing-service.md). In Node, test a policy with claimcache/testing.';

/** What `import 'claimcache'` gives on Node, so that tools can read a policy and its handlers: serving is for the edge. */
export function serve(): never {
  throw new TypeError(NEEDS_THE_EDGE);
}

export function createClaimcache(): Claimcache {
  throw new TypeError(NEEDS_THE_EDGE);
}
