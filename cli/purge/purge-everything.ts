import { routeKey } from '../../src/keys/surrogate-key.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { CliError } from '../base/cli-error.ts';
import { type Call, present } from '../base/command.ts';
import type { PurgeOptions } from './purge-options.ts';
import { callText, dryRun, exitOf, summaryJson, summaryText } from './report.ts';
import { failureOf, type PurgeSummary, runPurge } from './run-purge.ts';
import type { PurgeSink } from './sink.ts';
import { openState } from './state-file.ts';

/** `--all`: Fastly's purge_all, or on the service's own endpoint the key of every route. Asks first. */
export async function purgeEverything(
  call: Call,
  sink: PurgeSink,
  policy: Policy | null,
  options: PurgeOptions,
): Promise<void> {
  const { world } = call;
  const { soft = false, json } = options;
  if (sink.all !== null && soft) {
    throw new CliError(
      'CLI_USAGE',
      'Fastly cannot purge everything softly.',
      'Name the routes: --route NAME --soft.',
    );
  }
  const keys = sink.all === null ? everyRoute(policy) : new Set<string>();
  if (options.dryRun) {
    if (sink.all === null) return dryRun(world, sink, keys, soft, json);
    const described = sink.all.describe();
    const result = { ok: true, dryRun: true, soft, keys: [], calls: [described] };
    return present(world, json, result, () => `call, with the credential\n${callText(described)}`);
  }
  await confirm(call, sink.name, options.yes);
  const summary =
    sink.all === null
      ? await runPurge(world, sink, keys, soft, openState(undefined, '', world.cwd, 0))
      : await once(sink.all.send);
  present(world, json, { ...(summaryJson(summary, sink.name, soft) as object), all: true }, () =>
    summary.failures.length === 0
      ? `purged: everything of ${sink.name}\n`
      : summaryText(summary, keys, sink, soft, undefined),
  );
  call.exit(exitOf(summary));
}

async function once(send: NonNullable<PurgeSink['all']>['send']): Promise<PurgeSummary> {
  const failure = failureOf(await send(() => {}), []);
  return { purged: 0, skipped: 0, failures: failure === null ? [] : [failure], notTried: 0 };
}

/** The service tags everything it stores with its route, paths without one with that of the fallback. */
function everyRoute(policy: Policy | null): ReadonlySet<string> {
  if (policy === null) {
    throw new CliError(
      'CLI_POLICY',
      'The policy cannot be read, so that its routes are not known.',
      'Run `claimcache check`, or name keys: --key route:orders.',
    );
  }
  return new Set([...policy.routes, policy.fallback].map(({ name }) => routeKey(name)));
}

async function confirm({ world }: Call, target: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!world.isInTty || !world.isErrTty) {
    throw new CliError(
      'CLI_USAGE',
      '--all asks first, and there is no terminal to ask on.',
      'Add --yes if you mean it.',
    );
  }
  const answer = await world.ask(
    `Purge everything of ${target}? Every visitor goes to the origin then. [yes/no] `,
  );
  if (answer === null)
    throw new CliError('CLI_INTERRUPTED', 'Nothing was purged.', 'Answer yes to purge everything.');
  if (answer.trim().toLowerCase() !== 'yes') {
    throw new CliError('CLI_USAGE', 'Nothing was purged.', 'Answer yes to purge everything.');
  }
}
