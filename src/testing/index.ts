/** `claimcache/testing`: a policy tested on Node, with the engine itself and a cache in memory. */
export { expectHit, expectIsolated, expectNeverStored } from './expectations.ts';
export { type TestEdge, type TestEdgeOptions, type TestRequest, testEdge } from './test-edge.ts';
export type { TestOrigin } from './test-origin.ts';
export type { TestPlan } from './test-plan.ts';
