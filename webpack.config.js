import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { mimes } from 'mrmime';
import { evaluatePolicy } from './scripts/build/evaluate-policy.mjs';
import { moduleOf } from './scripts/build/module-of.mjs';
import { policyModule } from './scripts/build/policy-module.mjs';
import { buildInfo } from './scripts/build-info.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const at = (file) => path.resolve(root, file);

/**
 * Bundles the service for `js-compute-runtime`. What can be computed before is computed here, in Node: each request is followed by
 * a garbage collection of all that is in memory, so that code and data that no request needs cost every request time.
 *
 * CLAIMCACHE_POLICY, CLAIMCACHE_ENTRY and CLAIMCACHE_BUNDLE name another policy file, entry and output file: the tests
 * build services of their own with them.
 */
export default async () => {
  const { policy, matchers, needs } = await evaluatePolicy(process.env.CLAIMCACHE_POLICY || 'src/policy.ts');
  const rehearsal = await evaluatePolicy('src/rehearsal/policy.ts');
  const inline = (file, source) => ({
    test: at(file),
    use: [{ loader: at('scripts/build/inline-loader.mjs'), options: { source } }],
  });
  const unless = (engine) =>
    needs(engine) ? {} : { [at(`src/identity/engines/${engine}.ts`)]: at('src/identity/engines/absent.ts') };
  const hasGraphql = [...policy.routes].some(({ graphql }) => graphql !== null);
  const unlessGraphql = hasGraphql
    ? {}
    : { [at('src/graphql/document.ts')]: at('src/graphql/absent-document.ts') };

  return {
    mode: 'production',
    target: 'webworker',
    entry: at(process.env.CLAIMCACHE_ENTRY || 'src/index.ts'),
    devtool: false,
    output: {
      path: root,
      filename: process.env.CLAIMCACHE_BUNDLE ?? 'bin/index.js',
      module: true,
      chunkFormat: 'module',
      library: { type: 'module' },
    },
    resolve: {
      extensions: ['.ts', '.js'],
      conditionNames: ['fastly', 'workerd', 'browser', 'import', 'default'],
      // Verification in JavaScript and the parser of GraphQL are large: they are there only where the policy has a use for them.
      alias: {
        ...unless('pss'),
        ...unless('ed25519'),
        ...unlessGraphql,
      },
    },
    module: {
      rules: [
        { test: /\.ts$/, loader: 'esbuild-loader', options: { loader: 'ts', target: 'es2022' } },
        inline('src/compiled-policy.ts', policyModule(policy)),
        inline('src/compiled-matchers.ts', matchers),
        inline('src/rehearsal/compiled-policy.ts', moduleOf(rehearsal.policy)),
        inline('src/rehearsal/compiled-matchers.ts', rehearsal.matchers),
        inline('src/freshness/media-types.ts', moduleOf(JSON.stringify(mimes))),
        inline('src/build-info.ts', moduleOf(buildInfo())),
      ],
    },
    // The platform's own modules are resolved by js-compute-runtime.
    externals: [({ request }, done) => (/^fastly:/.test(request) ? done(null, `module ${request}`) : done())],
    experiments: { outputModule: true },
    optimization: { minimize: true },
    performance: { hints: false },
  };
};
