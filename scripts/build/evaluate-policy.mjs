import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const load = (name) => tsImport(pathToFileURL(path.resolve(root, name)).href, import.meta.url);

/** What a module of the project exports by default. */
export async function evaluated(file) {
  return (await load(file)).default;
}

/**
 * The compiled policy of a file, and what it needs of the service.
 *
 * @param {string} file From the project's folder: `src/policy.ts`.
 * @returns {Promise<{ policy: object, needs: (engine: string) => boolean }>}
 * @throws PolicyError, which says what is wrong with the policy.
 */
export async function evaluatePolicy(file) {
  const [{ compilePolicy }, { ALGORITHMS }, source] = await Promise.all([
    load('src/policy/compile.ts'),
    load('src/identity/algorithms.ts'),
    load(file),
  ]);
  const policy = compilePolicy(source.default);
  const engines = new Set(
    policy.providers.flatMap(({ algorithms }) => algorithms).map((name) => ALGORITHMS[name].engine),
  );
  return { policy, needs: (engine) => engines.has(engine) };
}
