import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));

/**
 * Bundles the service for `js-compute-runtime`.
 *
 * CLAIMCACHE_POLICY, CLAIMCACHE_ENTRY and CLAIMCACHE_BUNDLE name another policy file, entry and output file: the tests
 * build services of their own with them.
 */
export default {
  mode: 'production',
  target: 'webworker',
  entry: path.resolve(root, process.env.CLAIMCACHE_ENTRY || 'src/index.ts'),
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
    alias: process.env.CLAIMCACHE_POLICY
      ? { [path.resolve(root, 'src/policy.ts')]: path.resolve(root, process.env.CLAIMCACHE_POLICY) }
      : {},
  },
  module: {
    rules: [{ test: /\.ts$/, loader: 'esbuild-loader', options: { loader: 'ts', target: 'es2022' } }],
  },
  // The platform's own modules are resolved by js-compute-runtime.
  externals: [({ request }, done) => (/^fastly:/.test(request) ? done(null, `module ${request}`) : done())],
  experiments: { outputModule: true },
  optimization: { minimize: true },
  performance: { hints: false },
};
