import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from 'webpack';
import { type PluginOptions, plugin } from './plugin.ts';

export interface BuildOptions extends PluginOptions {
  /** The module that the service begins with, from its folder. Default: `src/index.ts`. */
  readonly entry?: string;
  /** The bundle, from the service's folder; `js-compute-runtime` makes the wasm of it. Default: `bin/index.js`. */
  readonly output?: string;
}

/**
 * The webpack configuration of a service: TypeScript, one module for `js-compute-runtime`, and the policy compiled. Paths are
 * from the folder in which webpack runs.
 *
 * @throws (while webpack runs) {PolicyError} where the policy could leak: with code, path, value and fix.
 *
 * @example
 * // webpack.config.js
 * import { claimcache } from 'claimcache/webpack';
 *
 * export default claimcache();
 */
export function claimcache({
  entry = 'src/index.ts',
  output = 'bin/index.js',
  ...plugins
}: BuildOptions = {}): Configuration {
  const file = path.resolve(output);
  return {
    mode: 'production',
    target: 'webworker',
    entry: path.resolve(entry),
    devtool: false,
    output: {
      path: path.dirname(file),
      filename: path.basename(file),
      module: true,
      chunkFormat: 'module',
      library: { type: 'module' },
    },
    resolve: {
      extensions: ['.ts', '.js'],
      conditionNames: CONDITIONS,
    },
    module: {
      rules: [{ test: /\.ts$/, loader: LOADER, options: { loader: 'ts', target: 'es2022' } }],
    },
    plugins: [claimcachePlugin(plugins)],
    experiments: { outputModule: true },
    performance: { hints: false },
  };
}

/**
 * For a service that has a webpack configuration of its own. It adds the condition `fastly` to `resolve.conditionNames`, leaves
 * the modules `fastly:…` to `js-compute-runtime`, and minimizes with SWC where `optimization.minimizer` names nothing else.
 */
export const claimcachePlugin = plugin.webpack;

/** Under which conditions of `exports` a package has code for Fastly Compute, beside `fastly`, which the plugin adds. */
const CONDITIONS = ['workerd', 'browser', 'import', 'default'];
/** Found from here: it is a dependency of this package, and need not be one of the service. */
const LOADER = fileURLToPath(import.meta.resolve('esbuild-loader'));
