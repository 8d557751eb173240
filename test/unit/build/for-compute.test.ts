import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import webpack, { type Configuration } from 'webpack';
import { root } from '../../../scripts/root.ts';
import { plugin } from '../../../src/build/plugin.ts';

/** A service with a webpack configuration of its own, which knows nothing of Fastly but the plugin. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-webpack-'));
  mkdirSync(path.join(folder, 'node_modules/for-all'), { recursive: true });
  symlinkSync(root, path.join(folder, 'node_modules/claimcache'), 'dir');
  write('node_modules/for-all/package.json', '{"exports":{"fastly":"./fastly.js","default":"./node.js"}}');
  write('node_modules/for-all/fastly.js', "export default 'for Compute';");
  write('node_modules/for-all/node.js', "export default 'for Node';");
  write(
    'policy.ts',
    "export default { origins: { app: { backend: 'origin' } }, routes: { home: { path: '/', lane: 'public' } } };",
  );
  write(
    'index.js',
    `import { createClaimcache } from 'claimcache';
import { env } from 'fastly:env';
import which from 'for-all';
import policy from './policy.ts';
export default [which, env, createClaimcache(policy)];`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);

/** What webpack makes of it. */
async function bundle(configuration: Configuration): Promise<string> {
  const compiler = webpack({
    mode: 'development',
    devtool: false,
    context: folder,
    entry: './index.js',
    plugins: [plugin.webpack({ policy: path.join(folder, 'policy.ts') })],
    module: { rules: [{ test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } }] },
    resolveLoader: { modules: [path.join(root, 'node_modules')] },
    ...configuration,
    output: { path: path.join(folder, 'bin'), filename: 'index.js', ...configuration.output },
  });
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
    compiler?.run((error, done) => (error ? reject(error) : resolve(done))),
  );
  expect(stats?.compilation.errors.map(({ message }) => message)).toEqual([]);
  return readFileSync(path.join(folder, 'bin/index.js'), 'utf8');
}

/** This repository's sources stand in for the package. */
const conditionNames = ['claimcache-source', 'import', 'default'];

describe('the plugin in a webpack configuration that says nothing of Fastly', () => {
  it('takes the code for Compute, and leaves the platform’s modules to js-compute-runtime', async () => {
    const text = await bundle({
      target: 'webworker',
      output: { module: true, chunkFormat: 'module', library: { type: 'module' } },
      experiments: { outputModule: true },
      resolve: { conditionNames },
    });
    expect(text).toContain('for Compute');
    expect(text).not.toMatch(/for Node/);
    expect(text).toMatch(/^import .* from "fastly:env"/m);
  });

  it('takes modules for modules where package.json says "type": "commonjs", as npm writes it', async () => {
    write('package.json', '{"type":"commonjs"}');
    try {
      const output = { libraryTarget: 'this' };
      const text = await bundle({ target: 'webworker', output, resolve: { conditionNames } });
      expect(text).toContain('for Compute');
    } finally {
      rmSync(path.join(folder, 'package.json'));
    }
  });

  it('also where the output is no module, and where it has said all of this itself', async () => {
    const text = await bundle({
      target: 'webworker',
      output: { libraryTarget: 'this' },
      resolve: { conditionNames: ['...', 'claimcache-source', 'fastly'] },
      externals: [/^fastly:/],
    });
    expect(text).toContain('for Compute');
    expect(text).toContain('require("fastly:env")');
  });

  describe('in the mode of production', () => {
    const output = { module: true, chunkFormat: 'module', library: { type: 'module' } } as const;
    const production: Configuration = {
      mode: 'production',
      target: 'webworker',
      output,
      experiments: { outputModule: true },
      resolve: { conditionNames },
    };

    it('minimizes for the collection of garbage after each request: no block scopes', async () => {
      const text = await bundle(production);
      expect(/\bfrom ?["']fastly:env["']/.test(text)).toBe(true);
      expect(text.match(/\bconst [[{\w$]+.{0,20}/g)).toBeNull();
    });

    it('with a map of the sources where the configuration asks for one', async () => {
      await bundle({ ...production, devtool: 'source-map' });
      const { sources, mappings } = JSON.parse(readFileSync(path.join(folder, 'bin/index.js.map'), 'utf8'));
      expect(sources.filter((source: string) => source.endsWith('/src/request/plan.ts'))).toHaveLength(1);
      expect(mappings.split(',').length).toBeGreaterThan(10_000);
    });

    it('leaves that to a minimizer of the configuration, or to nobody', async () => {
      const byWebpack = await bundle({ ...production, optimization: { minimizer: ['...'] } });
      expect(/\blet /.test(byWebpack)).toBe(true);
      const whole = await bundle({ ...production, optimization: { minimize: false } });
      expect(/^const /m.test(whole)).toBe(true);
    });
  });
});
