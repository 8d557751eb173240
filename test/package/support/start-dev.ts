import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { obtainViceroy } from '../../../scripts/viceroy.ts';

export interface DevEvent {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** `npm start` in the folder of a service. */
export interface StartedDev {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly events: readonly DevEvent[];
  /** Resolves with what it says once the service answers. Rejects where it ends before. */
  readonly ready: Promise<{ readonly url: string; readonly curl: string }>;
}

/** @param options - Of `claimcache dev`, beside those that have it print JSON and choose free ports. */
export async function startDev(folder: string, ...options: readonly string[]): Promise<StartedDev> {
  const args = ['start', '--', '--json', '--port', '0', '--console-port', '0', ...options];
  const child = spawn('npm', args, {
    cwd: folder,
    env: { ...process.env, VICEROY: await obtainViceroy() },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('Its output is not read.');
  const events: DevEvent[] = [];
  const lines: string[] = [];
  const ready = new Promise<{ url: string; curl: string }>((resolve, reject) => {
    createInterface({ input: stdout })
      .on('line', (line) => {
        lines.push(line);
        // What fails is a document of several lines.
        if (!line.startsWith('{"event":')) return;
        const event = JSON.parse(line) as DevEvent;
        events.push(event);
        if (event.event === 'ready') resolve({ url: String(event.url), curl: String(event.curl) });
      })
      .on('close', () => reject(new Error(`It ended before the service answered.\n${lines.join('\n')}`)));
  });
  // Whoever waits for it is told; nobody has to.
  ready.catch(() => {});
  return { child, events, ready };
}
