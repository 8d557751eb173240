import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const load = (name) => tsImport(pathToFileURL(path.resolve(root, name)).href, import.meta.url);

/** Once for all policies of a build: each import reads the sources anew. */
let tools;
const loadTools = () =>
  Promise.all([
    load('src/policy/compile.ts'),
    load('src/router/matchers.ts'),
    load('src/identity/algorithms.ts'),
  ]);

/**
 * The compiled policy of a file, its patterns as the source of a module, and what it needs of the service.
 *
 * @param {string} file From the project's folder: `src/policy.ts`.
 * @returns {Promise<{ policy: object, matchers: string, needs: (engine: string) => boolean }>}
 * @throws PolicyError, which says what is wrong with the policy.
 */
export async function evaluatePolicy(file) {
  tools ??= loadTools();
  const [[{ compilePolicy }, { matchersSource }, { ALGORITHMS }], source] = await Promise.all([
    tools,
    load(file),
  ]);
  const policy = compilePolicy(source.default);
  const engines = new Set(
    policy.providers.flatMap(({ algorithms }) => algorithms).map((name) => ALGORITHMS[name].engine),
  );
  return { policy, matchers: matchersSource(policy), needs: (engine) => engines.has(engine) };
}
