import { realpathSync } from 'node:fs';
import path from 'node:path';
import { mimes } from 'mrmime';
import { createUnplugin } from 'unplugin';
import { PolicyError } from '../policy/policy-error.ts';
import { type EvaluatedPolicy, evaluatePolicy } from './evaluate-policy.ts';
import { FEATURES } from './features.ts';
import { buildForCompute } from './for-compute.ts';
import { moduleOf } from './module-of.ts';
import { ownModule, siblingModule } from './own-module.ts';
import { policyModule } from './policy-module.ts';
import { buildInfo } from './read-build-info.ts';
import { PolicyFileError } from './read-policy.ts';

export interface PluginOptions {
  /** The policy file of the service, from its folder. Default: `src/policy.ts`. */
  readonly policy?: string;
}

/**
 * Puts a compiled policy in the place of the policy file, and leaves out what that policy has no use for. What can be computed
 * before is computed here, in Node: each request at the edge is followed by a garbage collection of all that is in memory, so
 * that code and data that no request needs cost every request time.
 */
export const plugin = createUnplugin(({ policy = 'src/policy.ts' }: PluginOptions | undefined = {}) => {
  const file = path.resolve(policy);
  let evaluating: Promise<Outcome> | null = null;
  return {
    name: 'claimcache',
    webpack: buildForCompute,
    buildStart() {
      evaluating = outcomeOf(file);
      this.addWatchFile(file);
    },
    loadInclude: (id) => id === file || REPLACEABLE.has(id),
    async load(id) {
      // Bundlers may begin to load modules before a build has started.
      evaluating ??= outcomeOf(file);
      const { sources, warnings, error } = await evaluating;
      if (id === file) {
        for (const warning of warnings) this.warn(warning);
        if (error !== null) this.error(error);
      }
      return sources.get(id) ?? null;
    },
  };
});

interface Outcome {
  /** Each module that is replaced. */
  readonly sources: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  readonly error: string | null;
}

async function outcomeOf(file: string): Promise<Outcome> {
  try {
    const policy = await evaluatePolicy(file);
    return { sources: sourcesOf(file, policy), warnings: policy.warnings, error: null };
  } catch (cause) {
    // The build fails by the error: no policy that was not compiled goes out.
    const sources = new Map([[file, 'export default null;\n']]);
    return { sources, warnings: [], error: whyOf(file, cause) };
  }
}

/** What is wrong with a policy, without a stack: each line names the place, the value and the fix. */
function whyOf(file: string, cause: unknown): string {
  const shown = path.relative(process.cwd(), file);
  if (cause instanceof PolicyError) return `${shown} is not valid:\n${cause.message}`;
  if (cause instanceof PolicyFileError) return `${cause.message} ${cause.fix}`;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** Each module that is replaced, and its source. */
function sourcesOf(file: string, policy: EvaluatedPolicy): ReadonlyMap<string, string> {
  const sources = new Map([
    [file, policyModule(policy, buildInfo(path.dirname(file)))],
    [replaceable('cache/freshness/media-types'), moduleOf(JSON.stringify(mimes))],
  ]);
  for (const { isUsed, modules, isDefault = false } of FEATURES) {
    if (isUsed(policy.policy)) continue;
    for (const [module, absent] of Object.entries(modules)) {
      const from = JSON.stringify(siblingModule(absent));
      sources.set(replaceable(module), `export ${isDefault ? '{ default }' : '*'} from ${from};\n`);
    }
  }
  return sources;
}

/** Bundlers name a module by its real path. */
function replaceable(name: string): string {
  return realpathSync(ownModule(name));
}

const REPLACEABLE: ReadonlySet<string> = new Set(
  ['cache/freshness/media-types', ...FEATURES.flatMap(({ modules }) => Object.keys(modules))].map(
    replaceable,
  ),
);
