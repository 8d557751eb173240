import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from './cli-error.ts';
import { readManifest } from './manifest.ts';
import { secretsFolderOf } from './secrets-folder.ts';

/** What `claimcache dev` writes down for as long as it runs, so that `--local` finds it on whatever port. */
interface Running {
  readonly url: string;
  readonly pid: number;
}

/**
 * Writes down where the service of a folder answers, beside its local secrets. Of two that run at once the latest counts.
 *
 * @returns takes it back, where nobody else has written since.
 */
export function recordRunning(folder: string, url: string): () => void {
  const file = fileOf(folder);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(path.join(path.dirname(file), '.gitignore'), '*\n');
  writeFileSync(file, `${JSON.stringify({ url, pid: process.pid } satisfies Running)}\n`);
  return () => {
    if (read(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** Where the service of a folder answers now; null where none was started by `claimcache dev`, or it has ended. */
export function runningUrl(folder: string): string | null {
  const running = read(fileOf(folder));
  return running !== null && isAlive(running.pid) ? running.url : null;
}

function fileOf(folder: string): string {
  return path.join(folder, secretsFolder(folder), 'dev', 'running.json');
}

function secretsFolder(folder: string): string {
  try {
    return secretsFolderOf(readManifest(undefined, folder));
  } catch (error) {
    // A manifest that cannot be read is told by whoever needs what is in it.
    if (error instanceof CliError) return secretsFolderOf(null);
    throw error;
  }
}

function read(file: string): Running | null {
  try {
    const { url, pid } = JSON.parse(readFileSync(file, 'utf8'));
    const isLocal = typeof url === 'string' && /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url);
    return isLocal && Number.isInteger(pid) && pid > 0 ? { url, pid } : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is one that runs.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
