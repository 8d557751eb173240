import './scripts/tsx.mjs';

const { claimcache } = await import('claimcache/webpack');

/** The service of the demo, built as a user's is; but `claimcache` is the source beside it. */
const config = claimcache({ entry: 'service/index.ts', policy: 'service/policy.ts' });
config.resolve.conditionNames.unshift('claimcache-source');

export default config;
