import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** What every folder may use: facts and rules without effects. */
const FOUNDATION = ['policy', 'paths', 'keys', 'crypto', 'http', 'errors'];
/** What a folder may import beside itself. A folder stands above all that it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  index: [
    'exports',
    'request',
    'compiled-policy',
    'operator',
    'fastly',
    'warmup',
    'routing',
    'platform',
    ...FOUNDATION,
  ],
  // What tools get that read a policy: nothing of the platform.
  'index-node': ['exports', 'index'],
  exports: ['request', ...FOUNDATION],
  // Runs in Node while a service is built; nothing of it is at the edge.
  build: ['build-info', 'compiled-policy', 'identity', 'routing', ...FOUNDATION],
  warmup: ['identity', 'routing', ...FOUNDATION],
  'compiled-policy': ['build-info', 'policy', 'routing'],
  'build-info': [],
  // The service as a whole, on Node.
  testing: ['cache', 'request', 'explain', 'lanes', 'routing', 'platform', ...FOUNDATION],
  // For browsers: nothing of the edge.
  client: [],
  // The way of a request: it joins what stands below it, and nothing below knows it.
  request: [
    'bodies',
    'build-info',
    'cache',
    'explain',
    'graphql',
    'identity',
    'lanes',
    'operator',
    'origin',
    'platform',
    'routing',
    'shield',
    ...FOUNDATION,
  ],
  // Prints what the request's own steps say: see below which.
  explain: [
    'bodies',
    'cache',
    'request',
    'lanes',
    'routing',
    'identity',
    'operator',
    'platform',
    ...FOUNDATION,
  ],
  // Implements the ports of `platform`, and knows nobody who uses them: no engine, no step of a request.
  fastly: ['platform', 'http', 'policy'],
  shield: ['origin', 'lanes', 'platform', ...FOUNDATION],
  cache: ['origin', 'platform', ...FOUNDATION],
  operator: ['identity', 'lanes', 'platform', ...FOUNDATION],
  origin: ['identity', 'lanes', 'platform', ...FOUNDATION],
  lanes: ['bodies', 'graphql', 'identity', 'platform', ...FOUNDATION],
  identity: ['platform', ...FOUNDATION],
  routing: FOUNDATION,
  graphql: ['bodies', ...FOUNDATION],
  bodies: FOUNDATION,
  platform: ['policy', 'http', 'errors'],
  policy: ['crypto', 'keys', 'paths', 'http', 'errors'],
  keys: ['crypto', 'errors', 'http', 'policy'],
  paths: [],
  crypto: ['errors'],
  http: [],
  errors: [],
};
/** Pairs that know each other: the operator's request for an explanation is a request, and a policy names what keys are made of. */
const MUTUAL = ['explain <-> request', 'keys <-> policy'];

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

  test('folders of src import each other one way', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (MAY_IMPORT[from] ?? []).some((next) => {
        if (next === to) return true;
        if (seen.has(next) || MUTUAL.includes([from, next].sort().join(' <-> '))) return false;
        seen.add(next);
        return reaches(next, to, seen);
      });
    const cycles = Object.entries(MAY_IMPORT).flatMap(([folder, targets]) =>
      targets
        .filter((target) => !MUTUAL.includes([folder, target].sort().join(' <-> ')))
        .filter((target) => reaches(target, folder))
        .map((target) => `${folder} -> ${target}`),
    );
    expect(cycles).toEqual([]);
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

  test('only fastly imports fastly:*', () => {
    const users = sources('src').filter((file) => importsOf(file).some((name) => name.startsWith('fastly:')));
    expect([...new Set(users.map(folderOf))].sort()).toEqual(['fastly']);
  });

  test('no two files of src have one name', () => {
    const names = sources('src').map((file) => path.basename(file));
    const twice = names.filter((name, i) => name !== 'index.ts' && names.indexOf(name) !== i);
    expect(twice).toEqual([]);
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
      'lanes',
      'platform',
      'routing',
      'errors',
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
