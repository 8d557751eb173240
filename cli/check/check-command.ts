import { Command, InvalidArgumentError } from 'commander';
import { PolicyError } from '../../src/policy/policy-error.ts';
import { documentedWarnings } from '../../src/policy/warnings.ts';
import { routerOf } from '../../src/routing/matchers.ts';
import type { Router } from '../../src/routing/router.ts';
import { CliError } from '../base/cli-error.ts';
import { collect } from '../base/collect.ts';
import { type Call, present } from '../base/command.ts';
import { EXIT } from '../base/exit-codes.ts';
import { type LoadedPolicy, loadPolicy } from '../base/load-policy.ts';
import { readLocalStores } from '../base/local-stores.ts';
import { readManifest } from '../base/manifest.ts';
import { manifestFile, manifestFolder } from '../base/project.ts';
import type { World } from '../base/world.ts';
import { fixManifest, type ManifestFix } from '../manifest/fix-manifest.ts';
import { fixText } from '../manifest/fix-text.ts';
import { checkKeys } from './check-keys.ts';
import { checkManifest } from './check-manifest.ts';
import { checkRoutes, checkTtl } from './check-routes.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkSensitivePaths } from './check-sensitive-paths.ts';
import { checkText } from './check-text.ts';
import { checkUse } from './check-use.ts';
import { checkEntries } from './entries.ts';
import type { Finding, Report } from './finding.ts';
import { hookTable } from './hook-table.ts';
import { needsOf } from './needs.ts';
import { pathExamples } from './path-examples.ts';
import { routeTable } from './route-table.ts';

interface CheckOptions {
  readonly policy?: string;
  readonly manifest?: string;
  readonly tokenLife?: number;
  readonly ignore?: string[];
  readonly strict?: boolean;
  readonly fix?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Errors end with status 1; warnings only with --strict.

Examples:
  claimcache check
  claimcache check --fix                                   adds to fastly.toml what the policy needs
  claimcache check --strict --ignore PATH_WITHOUT_RULE     in CI
  claimcache check --token-life 900 --json`;

/**
 * `claimcache check`: the policy and fastly.toml together.
 *
 * @remarks
 * - Its codes: docs/reference/errors.md#of-claimcache-check
 * - `--fix` writes to `[local_server]` and, without `service_id`, to `[setup]`. So the first `npm run deploy` asks for exactly what the policy needs.
 * - `--fix` keeps comments, order and everything else. It parses and compares the result before it writes. What has no place, as in an inline table, it prints as a line to add.
 */
export function checkCommand(call: Call): Command {
  return new Command('check')
    .description('Lint the policy and fastly.toml together, and print the effective table of routes.')
    .option('--policy <file>', 'default: src/policy.ts of the service')
    .option('--manifest <file>', 'default: fastly.toml')
    .option('--token-life <seconds>', 'how long tokens live (default: by the policy, else 3600)', seconds)
    .option('--ignore <code>', 'a code that does not count; may be repeated', collect)
    .option('--strict', 'warnings count as errors')
    .option(
      '--fix',
      'add to fastly.toml the backends, stores and items that the policy needs; make random local secrets and keys for `claimcache token`',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: CheckOptions) => check(call, options));
}

async function check({ world, exit }: Call, options: CheckOptions): Promise<void> {
  const { loaded, problems } = await loadOrProblems(options.policy, world);
  const fixed = loaded !== null && options.fix ? await fix(loaded, options, world) : null;
  const router = loaded === null ? null : routerOf(loaded.policy);
  const found = loaded === null || router === null ? problems : lint(loaded, router, options, world);
  const findings = found.filter(({ code }) => !options.ignore?.includes(code));
  const routes = loaded === null ? [] : routeTable(loaded.policy);
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const ok = errors === 0 && !(options.strict && warnings > 0);
  const paths = loaded === null || router === null ? [] : pathExamples(loaded.policy, router);
  const hooks = loaded === null ? [] : hookTable(loaded.policy);
  const result = { findings, routes, paths, hooks, errors, warnings };
  present(
    world,
    options.json,
    { ok, errors, warnings, findings, routes, paths, hooks, ...(fixed && { fixed }) },
    () => [...(fixed ? [fixText(fixed, world.colors)] : []), checkText(result, world.colors)].join('\n'),
  );
  if (!ok) exit(EXIT.failed);
}

/** Before anything is found, so that what is told is what is left. */
async function fix({ policy }: LoadedPolicy, { manifest }: CheckOptions, world: World): Promise<ManifestFix> {
  // One that is not TOML is told, and left alone.
  readManifest(manifest, world.cwd);
  return fixManifest(manifestFile(manifest, world.cwd), policy);
}

/** The policy, or every problem of one that does not compile. */
async function loadOrProblems(
  file: string | undefined,
  world: World,
): Promise<{ loaded: LoadedPolicy | null; problems: readonly Finding[] }> {
  try {
    return { loaded: await loadPolicy(file, world.cwd), problems: [] };
  } catch (error) {
    if (!(error instanceof CliError && error.cause instanceof PolicyError)) throw error;
    const problems = error.cause.issues.map(({ code, path: where, value, fix }) => ({
      level: 'error' as const,
      code,
      where: where || '(policy)',
      text: `${value} is not valid.`,
      fix,
    }));
    return { loaded: null, problems };
  }
}

function lint(
  { input, policy }: LoadedPolicy,
  router: Router,
  options: CheckOptions,
  world: World,
): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (level, code, where, text, fix) => {
    findings.push({ level, code, where, text, fix });
  };
  const manifest = readManifest(options.manifest, world.cwd);
  const stores = readLocalStores(manifest, manifestFolder(options.manifest, world.cwd), world.env);
  const needs = needsOf(policy);
  checkManifest(manifest, stores, needs, report);
  checkKeys(policy, needs, stores, report);
  checkSecrets(needs, stores, world.env, report);
  for (const { text, page } of documentedWarnings(input)) {
    const [where = '', ...rest] = text.split(': ');
    report('warning', 'POLICY_WARNING', where, rest.join(': '), page);
  }
  checkUse(policy, report);
  checkRoutes(policy, router, report);
  checkTtl(input, policy, options.tokenLife, report);
  checkSensitivePaths(policy, router, report);
  checkEntries(policy, report);
  return findings;
}

function seconds(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Whole seconds, more than 0.');
}
