import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 250;
/** What an editor or a branch switch still writes belongs to one change. */
const SETTLED_MS = 150;
/** A folder that holds more than that is none of a service. */
const MAX_FILES = 2000;

interface Seen {
  readonly stamp: string;
  readonly digest: string;
}

export interface WatchedFiles {
  /** Resolves with the files whose content differs from what was last returned, or at the beginning; null: the signal has come. */
  next(signal: AbortSignal): Promise<readonly string[] | null>;
  /** Watches a file from here on: what stands in it now is known to whoever watches. */
  accept(file: string): void;
}

/**
 * Watches files and whole folders by looking at them, as any file system allows. A file that is written again with the same content
 * has not changed.
 */
export function watchFiles(first: readonly string[]): WatchedFiles {
  const places = new Set(first);
  let known = look(places, new Map());
  return {
    accept(file) {
      // One that stands in a folder that is watched is looked at twice, and counts once.
      places.add(file);
      const seen = look([file], new Map()).get(file);
      known = new Map(known);
      if (seen === undefined) known.delete(file);
      else known.set(file, seen);
    },
    async next(signal) {
      for (;;) {
        try {
          await sleep(INTERVAL_MS, undefined, { signal });
        } catch {
          return null;
        }
        if (changed(known, look(places, known)).length === 0) continue;
        await sleep(SETTLED_MS);
        const now = look(places, known);
        const files = changed(known, now);
        known = now;
        if (files.length > 0) return files;
      }
    },
  };
}

function look(places: Iterable<string>, before: ReadonlyMap<string, Seen>): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const file of [...places].flatMap(filesOf).slice(0, MAX_FILES)) {
    try {
      const { mtimeMs, size, ino } = statSync(file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = before.get(file);
      const digest =
        known?.stamp === stamp ? known.digest : createHash('sha256').update(readFileSync(file)).digest('hex');
      seen.set(file, { stamp, digest });
    } catch {
      // Removed between two looks.
    }
  }
  return seen;
}

function changed(before: ReadonlyMap<string, Seen>, now: ReadonlyMap<string, Seen>): string[] {
  const files = new Set([...before.keys(), ...now.keys()]);
  return [...files].filter((file) => before.get(file)?.digest !== now.get(file)?.digest);
}

function filesOf(place: string): string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      const file = path.join(place, entry.name);
      return entry.isDirectory() ? filesOf(file) : entry.isFile() ? [file] : [];
    });
  } catch {
    return [];
  }
}
