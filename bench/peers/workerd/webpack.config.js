import path from 'node:path';

export default {
  mode: 'production',
  target: 'webworker',
  entry: path.resolve(import.meta.dirname, 'main.js'),
  output: { filename: 'main.js', library: { type: 'module' }, module: true, chunkFormat: 'module' },
  resolve: { conditionNames: ['workerd', 'import', 'default'] },
  experiments: { outputModule: true },
};
