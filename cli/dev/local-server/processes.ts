import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 3000;

/** Ends a child started with `detached: true`, and everything it started; resolves when they are gone. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + TIMEOUT_MS;
  // As Ctrl-C does: told to terminate, the fastly CLI reports a bug of its own.
  signalGroup(child, 'SIGINT');
  while (signalGroup(child, 0)) {
    if (Date.now() > deadlineMs) {
      signalGroup(child, 'SIGKILL');
      return;
    }
    await sleep(20);
  }
}

/** Signals the whole group, and says whether any of it was there. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    // Windows has no groups: there the child alone is ended.
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
    return true;
  } catch {
    return false;
  }
}
