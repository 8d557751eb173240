import { Command } from 'commander';
import { CliError } from '../base/cli-error.ts';
import { type Call, present } from '../base/command.ts';
import { loadPolicyIfAny } from '../base/load-policy.ts';
import { withServiceOptions } from '../base/service-options.ts';
import { collectKeys } from './collect-keys.ts';
import { fastlySink } from './fastly-sink.ts';
import { purgeEverything } from './purge-everything.ts';
import type { PurgeOptions } from './purge-options.ts';
import { dryRun, exitOf, summaryJson, summaryText } from './report.ts';
import { runPurge } from './run-purge.ts';
import { serviceSink } from './service-sink.ts';
import { openState } from './state-file.ts';

const EXAMPLES = `
Examples:
  claimcache purge user 42                       everything of one user
  claimcache purge team acme member --soft       a scope of two claims; stale copies serve until they are fresh
  claimcache purge staff --typed '["admin","editor"]'   a set of roles, in any order
  claimcache purge Todo 42                       every answer of a GraphQL endpoint that holds this Todo
  claimcache purge user --file ids.txt --state purge.state
  claimcache purge --route orders --key url:www.example.com/pages/home
  claimcache purge user 42 --local               the service of npm start`;

/**
 * `claimcache purge`: by value, key, route, or everything.
 *
 * @remarks
 * - Near a limit of Fastly's API it waits. It sends a batch six times at most. `--state` resumes.
 */
export function purgeCommand(call: Call): Command {
  return withServiceOptions(
    new Command('purge')
      .description(
        'Purge what is cached: by the values of a scope, an entity, surrogate keys, routes, or everything.',
      )
      .argument('[scope]', 'a scope of the policy, such as user; or a type of `entities`, such as Todo')
      .argument('[value...]', "its values, one for each claim, in the policy's order")
      .option('--key <key...>', 'surrogate keys as they are')
      .option('--route <name...>', 'everything that a route of the policy stored')
      .option('--all', 'everything; asks first')
      .option('--yes', 'do not ask')
      .option('--soft', 'mark as stale instead of removing')
      .option('--file <file>', 'values of the scope, one a line or as JSON lines; - for standard input')
      .option('--typed', 'values are JSON: 42 is a number, "42" a string')
      .option('--state <file>', 'remember what is done, and resume there after an interruption'),
  )
    .option('--dry-run', 'print the surrogate keys and the calls, and send nothing')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action((scope: string | undefined, values: string[], options: PurgeOptions) =>
      purge(call, scope, values, options),
    );
}

async function purge(
  call: Call,
  scope: string | undefined,
  values: string[],
  options: PurgeOptions,
): Promise<void> {
  const { world } = call;
  const { soft = false, dryRun: isDry = false, local, json } = options;
  const namesSomething = scope !== undefined || options.key !== undefined || options.route !== undefined;
  if ((options.all === true) === namesSomething || (options.all && options.file !== undefined)) {
    throw new CliError(
      'CLI_USAGE',
      options.all ? '--all stands alone.' : 'Nothing to purge was named.',
      'One of: <scope> <value…>, <type> <id>, <scope> --file F, --key K, --route NAME, --all.',
    );
  }
  const policy = await loadPolicyIfAny(options.policy, world);
  // What is to be purged comes first: a misspelt route is reported whether or not there is a token.
  const keys = options.all ? null : await collectKeys({ ...options, scope, values }, policy, world);
  const sink =
    local === undefined
      ? fastlySink(world, { serviceId: options.serviceId, dryRun: isDry })
      : serviceSink(world, local, isDry);
  if (keys === null) return purgeEverything(call, sink, policy, options);
  if (isDry) return dryRun(world, sink, keys, soft, json);
  const state = openState(options.state, JSON.stringify([sink.name, soft]), world.cwd, world.nowMs());
  const summary = await runPurge(world, sink, keys, soft, state);
  present(world, json, summaryJson(summary, sink.name, soft), () =>
    summaryText(summary, keys, sink, soft, options.state),
  );
  call.exit(exitOf(summary));
}
