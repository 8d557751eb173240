import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../base/cli-error.ts';

/** After this an entry may have been stored again since it was purged: start over. */
const MAX_AGE_MS = 24 * 3_600_000;
const LINE_START = '{"v":1,"batch":"';

/** Remembers which batches of one interrupted purge are done. One JSON line for each; no key is written down. */
export interface PurgeState {
  isDone(keys: readonly string[]): boolean;
  done(keys: readonly string[]): void;
  /** Everything is purged: the next run has to start over. */
  remove(): void;
}

/**
 * @param job - What else makes two purges the same: the target, and soft or not.
 * @throws {CliError} CLI_INPUT where the file is not a state, is older than a day, or cannot be written.
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
  // Before the first purge: what cannot be remembered would be found out after it, and end the command halfway.
  append(absolute, file, '');
  return {
    isDone: (keys) => finished.has(digest(keys)),
    done(keys) {
      append(absolute, file, `${JSON.stringify({ v: 1, batch: digest(keys), atMs: nowMs })}\n`);
    },
    remove() {
      rmSync(absolute, { force: true });
    },
  };
}

function append(absolute: string, shown: string, text: string): void {
  try {
    appendFileSync(absolute, text, { mode: 0o600 });
  } catch (cause) {
    throw new CliError(
      'CLI_INPUT',
      `${shown} cannot be written.`,
      'Name a file in a folder that exists, with room for it. Purging again is safe.',
      { cause },
    );
  }
}

function readEntries(absolute: string, shown: string): { batch: string; atMs: number }[] {
  let text: string;
  try {
    text = readFileSync(absolute, 'utf8');
  } catch {
    return [];
  }
  // A run that was killed may have left half a line at the end: that batch is purged again, and the next line is not to be joined to it.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const entries = whole
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      try {
        const entry = JSON.parse(line);
        if (entry.v === 1 && typeof entry.batch === 'string' && typeof entry.atMs === 'number') return entry;
      } catch {}
      throw noState(shown);
    });
  const half = text.slice(whole.length);
  // Anything else is a file of somebody's own, of which nothing is cut off.
  if (half !== '' && !half.startsWith(LINE_START.slice(0, half.length))) throw noState(shown);
  if (half !== '') truncateSync(absolute, Buffer.byteLength(whole));
  return entries;
}

function noState(shown: string): CliError {
  return new CliError('CLI_INPUT', `${shown} is not a state of a purge.`, 'Name a new file.');
}
