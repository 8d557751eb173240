import { startProgress } from '../base/progress.ts';
import type { Outcome } from '../base/retry.ts';
import type { World } from '../base/world.ts';
import { batchesOf } from './batches.ts';
import type { PurgeSink } from './sink.ts';
import type { PurgeState } from './state-file.ts';

export interface PurgeSummary {
  readonly purged: number;
  /** Done by the run that this one resumes. */
  readonly skipped: number;
  readonly failures: readonly PurgeFailure[];
  /** Calls that were not made, after one that showed they could not succeed. */
  readonly notTried: number;
}

export interface PurgeFailure {
  readonly status: number | null;
  readonly reason: string;
  readonly keys: readonly string[];
}

/** The credential or the service is wrong, or nobody is there: the next calls would end in the same way. */
const HOPELESS: ReadonlySet<number | null> = new Set([null, 401, 403, 404, 410]);

/** Purges keys batch by batch, in order. One failed batch does not stop the others, unless they would fail too. */
export async function runPurge(
  world: World,
  sink: PurgeSink,
  keys: ReadonlySet<string>,
  soft: boolean,
  state: PurgeState,
): Promise<PurgeSummary> {
  const progress = startProgress(world, 'purge', keys.size);
  const failures: PurgeFailure[] = [];
  let purged = 0;
  let skipped = 0;
  let notTried = 0;
  let givenUpInARow = 0;
  const show = (note?: string) => progress.show(purged + skipped, note);
  for (const batch of batchesOf(keys)) {
    if (state.isDone(batch)) {
      skipped += batch.length;
      continue;
    }
    const last = failures.at(-1);
    if ((last !== undefined && HOPELESS.has(last.status)) || givenUpInARow === 2) {
      notTried += batch.length;
      continue;
    }
    show();
    const outcome = await sink.send(batch, soft, (waitMs, why) =>
      show(`${why}, waiting ${(waitMs / 1000).toFixed(1)} s`),
    );
    givenUpInARow = outcome.kind === 'gave-up' ? givenUpInARow + 1 : 0;
    const failure = failureOf(outcome, batch);
    if (failure === null) {
      purged += batch.length;
      state.done(batch);
    } else failures.push(failure);
  }
  progress.end();
  if (failures.length === 0) state.remove();
  return { purged, skipped, failures, notTried };
}

export function failureOf(outcome: Outcome, keys: readonly string[]): PurgeFailure | null {
  if (outcome.kind === 'unreachable') return { status: null, reason: outcome.reason, keys };
  if (outcome.kind === 'gave-up') return { status: outcome.status, reason: outcome.reason, keys };
  if (outcome.status >= 200 && outcome.status < 300) return null;
  const { status, body } = outcome;
  return { status, reason: `status ${status}${said(body)}`, keys };
}

/** What the other side gives as the reason: `msg` and `detail` of Fastly's API, `title` of a problem (RFC 9457). */
function said(body: string): string {
  try {
    const answer = JSON.parse(body);
    const words = [answer.title, answer.code, answer.msg, answer.detail].filter(
      (word) => typeof word === 'string',
    );
    const text = words
      .join(', ')
      .replace(/[^\x20-\x7e]/g, '?')
      .slice(0, 500);
    return text === '' ? '' : `: ${text}`;
  } catch {
    return '';
  }
}
