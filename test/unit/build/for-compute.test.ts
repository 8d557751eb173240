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

/** What a minimizer that takes block scopes away could get wrong. */
const SCOPES = `
const made = [];
for (let i = 0; i < 4; i++) { if (i === 1) continue; made.push(() => i); }
const labelled = [];
outer: for (const a of ['a', 'b', 'c']) {
  for (let i = 0; i < 3; i++) {
    const text = a + i;
    labelled.push(() => text);
    if (a === 'a' && i === 1) continue outer;
    if (a === 'b') break outer;
  }
}
async function each(items) {
  const results = [];
  for await (const item of items) {
    const square = async () => item * item;
    if (item > 3) return results;
    results.push(await square());
  }
  return results;
}
function* counted(limit) {
  for (let i = 0; i < limit; i++) { const seen = () => i; const more = yield seen; if (more === 'stop') return seen(); }
}
function shadowed(value) {
  const x = value;
  { const x = 'inner'; if (x === value) return 'same'; }
  try { throw x; } catch (x) { let y = x; { let y = 'deep'; x = y; } return [x, y]; }
}
function switched(kind) {
  switch (kind) { case 1: { let x = 'one'; return () => x; } case 2: let x = 'two'; return () => x; default: return () => typeof x; }
}
class Counter {
  #count = 0;
  static made = 0;
  static { Counter.made += 1; }
  get count() { return this.#count; }
  #up(by) { this.#count += by; return this; }
  up(by = this.#count + 1) { return this.#up(by); }
}
const order = [];
const told = (text) => { order.push(text); return text; };
const { a = told('default'), ...rest } = { [told('key')]: told('value'), a: undefined };
const fromVar = (() => { for (var j = 0; j < 2; j++) { var k = j; } return [j, k]; })();
const generated = counted(3);
export const outcome = (async () => ({
  closures: made.map((one) => one()),
  labelled: labelled.map((one) => one()).slice(0, 3),
  awaited: await each((async function* () { yield 1; yield 2; yield 3; yield 4; yield 5; })()),
  generated: [generated.next().value(), generated.next().value(), generated.next('stop').value],
  shadowed: [shadowed('inner'), shadowed('outer')],
  switched: [1, 2].map((kind) => switched(kind)()),
  counter: [new Counter().up().up().up(5).count, Counter.made],
  order, rest, a, fromVar,
  hoisted: typeof hoisted() + (() => { const f = hoisted; { function hoisted() { return 'inner'; } } return f(); })(),
}))();
function hoisted() { return 'outer'; }
`;

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

    it('changes nothing of what a service does: scopes, closures of loops, private members, order', async () => {
      write('scopes.js', SCOPES);
      const outcomeOf = async (optimization: Configuration['optimization'], name: string) => {
        const text = await bundle({
          ...production,
          entry: './scopes.js',
          ...(optimization && { optimization }),
        });
        write(`bin/${name}.mjs`, text);
        return import(path.join(folder, `bin/${name}.mjs`)) as Promise<{ outcome: Promise<unknown> }>;
      };
      const whole = await (await outcomeOf({ minimize: false }, 'whole')).outcome;
      expect(whole).toMatchObject({ closures: [0, 2, 3], labelled: ['a0', 'a1', 'b0'], awaited: [1, 4, 9] });
      expect(await (await outcomeOf(undefined, 'minimized')).outcome).toEqual(whole);
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
