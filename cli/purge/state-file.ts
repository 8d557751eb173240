import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../base/cli-error.ts';

/** After this an entry may have been stored again since it was purged: start over. */
const MAX_AGE_MS = 24 * 3_600_000;

/** Remembers which batches of one interrupted purge are done. One JSON line for each; no key is written down. */
export interface PurgeState {
  isDone(keys: readonly string[]): boolean;
  done(keys: readonly string[]): void;
  /** Everything is purged: the next run has to start over. */
  remove(): void;
}

/**
 * @param job - What else makes two purges the same: the target, and soft or not.
 * @throws {CliError} CLI_INPUT where the file is not a state, or older than a day.
 */
export function openState(file: string | undefined, job: string, cwd: string, nowMs: number): PurgeState {
  const finished = new Set<string>();
  const digest = (keys: readonly string[]) =>
    createHash('sha256')
      .update(JSON.stringify([job, keys]))
      .digest('base64url');
  if (file === undefined) return { isDone: () => false, done() {}, remove() {} };
  const absolute = path.resolve(cwd, file);
  for (const entry of readEntries(absolute, file)) {
    if (nowMs - entry.atMs > MAX_AGE_MS) {
      throw new CliError(
        'CLI_INPUT',
        `${file} is more than a day old: what it says was purged may have been cached again.`,
        'Delete it to purge everything once more.',
      );
    }
    finished.add(entry.batch);
  }
  return {
    isDone: (keys) => finished.has(digest(keys)),
    done(keys) {
      appendFileSync(absolute, `${JSON.stringify({ v: 1, batch: digest(keys), atMs: nowMs })}\n`, {
        mode: 0o600,
      });
    },
    remove() {
      rmSync(absolute, { force: true });
    },
  };
}

function readEntries(absolute: string, shown: string): { batch: string; atMs: number }[] {
  let text: string;
  try {
    text = readFileSync(absolute, 'utf8');
  } catch {
    return [];
  }
  // A run that was killed may have left half a line at the end: that batch is purged again.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      try {
        const entry = JSON.parse(line);
        if (entry.v === 1 && typeof entry.batch === 'string' && typeof entry.atMs === 'number') return entry;
      } catch {}
      throw new CliError('CLI_INPUT', `${shown} is not a state of a purge.`, 'Name a new file.');
    });
}
