import path from 'node:path';
import { claimcachePlugin } from 'claimcache/webpack';

// As a service has it that was there before: its own rules, and now the plugin.
export default {
  mode: 'production',
  target: 'webworker',
  entry: './src/index.js',
  output: {
    path: path.resolve('bin'),
    filename: 'index.js',
    module: true,
    chunkFormat: 'module',
    library: { type: 'module' },
  },
  plugins: [claimcachePlugin()],
  experiments: { outputModule: true },
  performance: { hints: false },
};
