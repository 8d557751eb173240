import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** What every folder may use: facts and rules without effects. */
const FOUNDATION = ['policy', 'paths', 'keys', 'crypto', 'http', 'errors', 'types'];
/** What a folder may import beside itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  index: ['exports', 'request', 'compiled-policy', 'operator', 'fastly', 'warmup', 'routing', ...FOUNDATION],
  // What tools get that read a policy: nothing of the platform.
  'index-node': ['exports', 'index'],
  exports: ['request', ...FOUNDATION],
  // Runs in Node while a service is built; nothing of it is at the edge.
  build: ['build-info', 'compiled-policy', 'identity', 'routing', ...FOUNDATION],
  warmup: ['identity', 'routing', ...FOUNDATION],
  'compiled-policy': ['build-info', 'policy', 'routing', 'types'],
  'build-info': [],
  // The service as a whole, on Node.
  testing: ['cache', 'request', 'explain', 'routing', ...FOUNDATION],
  // For browsers: nothing of the edge.
  client: [],
  // The way of a request: it joins what stands below it, and nothing below knows it.
  request: [
    'build-info',
    'cache',
    'explain',
    'graphql',
    'identity',
    'operator',
    'origin',
    'routing',
    'shield',
    ...FOUNDATION,
  ],
  // Prints what the request's own steps say: see below which.
  explain: ['cache', 'request', 'routing', 'identity', 'operator', ...FOUNDATION],
  // The ports that it implements stand beside those that use them.
  fastly: ['identity', 'cache', 'origin', ...FOUNDATION],
  routing: FOUNDATION,
  identity: FOUNDATION,
  graphql: FOUNDATION,
  operator: FOUNDATION,
  origin: FOUNDATION,
  cache: ['origin', ...FOUNDATION],
  shield: ['origin', 'request', ...FOUNDATION],
  policy: ['crypto', 'keys', 'paths', 'http'],
  paths: [],
  keys: ['crypto', 'errors', 'http', 'policy', 'types'],
  crypto: ['errors', 'keys', 'types'],
  http: ['types'],
  errors: [],
  types: ['errors', 'http', 'policy'],
};

const FROM = /(?:from|import)\s*\(?\s*'([^']+)'/g;

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true })
    .map((file) => path.join(folder, String(file)))
    .filter((file) => file.endsWith('.ts'));
}

function importsOf(file: string): string[] {
  // An example in a comment imports nothing.
  const code = readFileSync(path.join(root, file), 'utf8').replace(/^\s*\*.*$/gm, '');
  return [...code.matchAll(FROM)].map(([, name = '']) => name);
}

/** The folder of a file of `src`, or its own name. */
function folderOf(file: string): string {
  const [, first = ''] = file.split(path.sep);
  return first.replace(/\.ts$/, '');
}

function localImports(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.relative(root, path.resolve(root, path.dirname(file), name)));
}

describe('imports', () => {
  test('a folder of src imports only what it may', () => {
    const breaches = sources('src').flatMap((file) =>
      localImports(file)
        .filter((target) => folderOf(target) !== folderOf(file))
        .filter((target) => !(MAY_IMPORT[folderOf(file)] ?? []).includes(folderOf(target)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  test('explain and the command line take of the way of a request what plans and describes, and nothing that acts', () => {
    const PURE = [
      'authenticate',
      'entrance',
      'evaluate-response',
      'log-record',
      'normalize-request',
      'plan',
      'plan-of-lane',
      'planned-request',
      'response-cookies',
      'response-headers',
      'switches',
      'handlers/create-handlers',
    ].map((name) => `src/request/${name}.ts`);
    const breaches = [...sources('src/explain'), ...sources('cli')].flatMap((file) =>
      localImports(file)
        .filter(
          (target) => folderOf(target) === 'request' && target.startsWith('src') && !PURE.includes(target),
        )
        .map((target) => `${file} -> ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  test('only fastly and index import fastly:*', () => {
    const users = sources('src').filter((file) => importsOf(file).some((name) => name.startsWith('fastly:')));
    expect([...new Set(users.map(folderOf))].sort()).toEqual(['fastly', 'index']);
  });

  test('nothing in src imports from outside src, and nothing but the build and the testing is Node’s', () => {
    const breaches = sources('src').flatMap((file) =>
      importsOf(file)
        .filter(
          (name) =>
            (name.startsWith('node:') && !['build', 'testing'].includes(folderOf(file))) ||
            (name.startsWith('.') && localImports(file).some((target) => !target.startsWith('src'))),
        )
        .map((name) => `${file} -> ${name}`),
    );
    expect(breaches).toEqual([]);
  });

  test('the command line takes only what has no effects', () => {
    const allowed = new Set([
      'policy',
      'crypto',
      'paths',
      'explain',
      'build',
      'testing',
      'request',
      'identity',
      'keys',
      'routing',
      'errors',
      'types',
      'http',
      'operator',
    ]);
    const breaches = sources('cli').flatMap((file) =>
      localImports(file)
        .filter((target) => target.startsWith('src') && !allowed.has(folderOf(target)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(breaches).toEqual([]);
  });
});
