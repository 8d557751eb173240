import { present } from '../base/command.ts';
import { EXIT, type ExitCode } from '../base/exit-codes.ts';
import type { World } from '../base/world.ts';
import { batchesOf } from './batches.ts';
import type { PurgeFailure, PurgeSummary } from './run-purge.ts';
import type { ApiCall, PurgeSink } from './sink.ts';

/** Keys that a person is shown, of what was purged and of each batch that failed; `--json` has all that failed. */
const SHOWN_KEYS = 5;

/** Prints what would be purged and the calls that would be made. */
export function dryRun(
  world: World,
  sink: PurgeSink,
  keys: ReadonlySet<string>,
  soft: boolean,
  asJson: boolean | undefined,
): void {
  const calls = batchesOf(keys).map((batch) => sink.describe(batch, soft));
  present(world, asJson, { ok: true, dryRun: true, soft, keys: [...keys], calls }, () => {
    const list = [...keys].map((key) => `  ${key}\n`).join('');
    return `surrogate keys (${keys.size})\n${list}calls (${calls.length}), with the credential\n${calls.map(callText).join('')}`;
  });
}

export function callText({ method, url, headers, body }: ApiCall): string {
  const lines = Object.entries(headers).map(([name, value]) => `    ${name}: ${value}\n`);
  return `  ${method} ${url}\n${lines.join('')}${body === null ? '' : `    ${JSON.stringify(body)}\n`}`;
}

export function summaryJson(summary: PurgeSummary, target: string, soft: boolean): unknown {
  return { ok: summary.failures.length === 0, target, soft, ...summary };
}

export function summaryText(
  { purged, skipped, failures, notTried }: PurgeSummary,
  keys: ReadonlySet<string>,
  sink: Pick<PurgeSink, 'name' | 'hint'>,
  soft: boolean,
  state: string | undefined,
): string {
  const verb = soft ? 'marked as stale' : 'purged';
  // Nobody counts what a purge has removed: a number alone would read as one of entries.
  const whatever = purged === 0 ? 'nothing' : `whatever was stored under ${keysText(keys, purged)}`;
  const lines = [`${verb}: ${whatever}, of ${sink.name}`];
  if (skipped > 0) lines.push(`done earlier: ${skipped}`);
  for (const { reason, keys } of failures) {
    const some = keys.slice(0, SHOWN_KEYS).join(' ');
    const more = keys.length > SHOWN_KEYS ? ` and ${keys.length - SHOWN_KEYS} more` : '';
    lines.push(`failed: ${plural(keys.length, 'key')}, ${reason}: ${some}${more}`);
  }
  if (notTried > 0) lines.push(`not tried after that: ${notTried}`);
  const last = failures.at(-1);
  if (last !== undefined) lines.push(fixFor(last, sink, state));
  return `${lines.join('\n')}\n`;
}

/** The keys that were purged, or how many. */
function keysText(keys: ReadonlySet<string>, purged: number): string {
  const isNamed = purged === keys.size && purged <= SHOWN_KEYS;
  return isNamed ? [...keys].join(' ') : plural(purged, 'surrogate key');
}

function fixFor({ status }: PurgeFailure, sink: Pick<PurgeSink, 'hint'>, state: string | undefined): string {
  if (status === null || (status < 500 && status !== 429)) return sink.hint(status);
  if (state !== undefined) return 'Run the same command again: it goes on where this one failed.';
  return 'Purging again is safe; with --state FILE only what failed is sent again.';
}

export function exitOf({ failures }: PurgeSummary): ExitCode {
  if (failures.length === 0) return EXIT.ok;
  if (failures.every(({ status }) => status === null)) return EXIT.unreachable;
  if (failures.every(({ status }) => status === 401 || status === 403)) return EXIT.refused;
  return EXIT.failed;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
