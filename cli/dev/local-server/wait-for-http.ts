import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMsOfGroup, groupListensOn } from './process-group.ts';

/** Deadlines are for servers that hang, not for slow machines. */
const LIMITS = { idleMs: 60_000, totalMs: 300_000, tellMs: 15_000 };

/** To ask for the CPU that a group of processes has used is to read about every process of the machine: not each time. */
const LOOK_MS = 2000;

/** A server that was started with `detached: true`, in a process group of its own. */
export interface StartedServer {
  readonly name: string;
  readonly child: ChildProcess;
  readonly url: string;
  /** What it does before it answers: "compiles the service". Default: "starts". */
  readonly work?: string;
  /** Whether the server itself has said that it listens, where it says so. */
  readonly saysItListens?: () => boolean;
  readonly limits?: Partial<typeof LIMITS>;
  /** Says that it takes long. Default: on stderr. */
  readonly tell?: (text: string) => void;
}

/**
 * Resolves when the server answers anything at all. It has time for as long as it lives and uses CPU, up to 5 minutes;
 * what another process answers at its address does not count.
 *
 * @throws {Error} which says why it does not answer.
 */
export async function waitForServer(server: StartedServer): Promise<void> {
  const { name, child, url, work = 'starts', tell = console.error } = server;
  const { idleMs, totalMs, tellMs } = { ...LIMITS, ...server.limits };
  const group = child.pid ?? 0;
  const startMs = performance.now();
  let [busyMs, toldMs, lookedMs] = [startMs, startMs, startMs];
  let cpuMs = cpuMsOfGroup(group);
  while (!hasEnded(child)) {
    if ((await answers(url)) && listens(server) && !hasEnded(child)) return;
    const nowMs = performance.now();
    if (nowMs - lookedMs >= Math.min(LOOK_MS, idleMs / 4)) {
      const usedMs = cpuMsOfGroup(group);
      // Where nobody tells how much CPU a process uses, the whole time is its own.
      if (usedMs === null || usedMs !== cpuMs) busyMs = nowMs;
      [cpuMs, lookedMs] = [usedMs, nowMs];
    }
    const seconds = Math.round((nowMs - startMs) / 1000);
    if (nowMs - startMs > totalMs) throw new Error(`${name} does not answer at ${url} after ${seconds} s.`);
    if (nowMs - busyMs > idleMs) {
      throw new Error(`${name} does not answer at ${url}, and has done nothing for ${idleMs / 1000} s.`);
    }
    if (nowMs - toldMs >= tellMs) {
      tell(`${name} does not answer yet: it still ${work} (${seconds} s).`);
      toldMs = nowMs;
    }
    await sleep(200);
  }
  throw new Error(`${name} has ended before it answered at ${url}.`);
}

function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'manual' });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** By its own word, or that of the system. Where there is neither, whoever answers is taken for the server. */
function listens({ child, url, saysItListens }: StartedServer): boolean {
  if (saysItListens?.()) return true;
  return groupListensOn(child.pid ?? 0, Number(new URL(url).port)) ?? saysItListens === undefined;
}
