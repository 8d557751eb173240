import path from 'node:path';
import '../../scripts/tsx.mjs';

const { claimcache } = await import('claimcache/webpack');

/** A service of the tests: CLAIMCACHE_POLICY, CLAIMCACHE_ENTRY and CLAIMCACHE_BUNDLE name its policy, its first module and its bundle. */
const { CLAIMCACHE_POLICY, CLAIMCACHE_ENTRY, CLAIMCACHE_BUNDLE } = process.env;
const policy = CLAIMCACHE_POLICY || 'test/site/src/policy.ts';
const config = claimcache({
  policy,
  entry: CLAIMCACHE_ENTRY || 'test/support/service.ts',
  output: CLAIMCACHE_BUNDLE,
});
config.resolve.conditionNames.unshift('claimcache-source');
config.resolve.alias = { 'test-policy': path.resolve(policy) };

export default config;
