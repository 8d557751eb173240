import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { endGroup, signalGroup } from '../../cli/dev/local-server/processes.ts';
import { waitForServer } from '../../cli/dev/local-server/wait-for-http.ts';

/** What every peer has to do before the same origin: verify, key by `sub`, cache, and forget one person. */
export interface World {
  readonly originUrl: string;
  /** Of the RS256 key: SPKI, DER in base64. */
  readonly publicKeyDer: string;
  readonly jwks: string;
  /** Of HS256 tokens, for whoever cannot verify RS256. */
  readonly secret: string;
  /** For files of its own. */
  readonly folder: string;
}

export interface RunningPeer {
  /** Answers `hello` without a thought: what the server itself costs. */
  readonly floorUrl: string;
  /** A page for whoever holds a token. */
  readonly url: string;
  readonly pid: number;
  /** Of the server that answers `floorUrl`. */
  readonly floorPid: number;
  /** Forgets what it holds of one person; null: it cannot. */
  readonly purge: ((sub: string) => Promise<void>) | null;
  stop(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  readonly algorithm: 'RS256' | 'HS256';
  /** How it forgets one person. */
  readonly purges: string;
  /** Throws {@link Missing} where the program is not on this machine. */
  start(world: World): Promise<RunningPeer>;
}

/** A peer that this machine lacks, and how to get it. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/** The path of a program on PATH, or of those places that are often not part of it. */
export function findProgram(name: string, howToGet: string): string {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
  if (found === undefined) throw new Missing(`${name} is not on PATH; ${howToGet}`);
  return found;
}

/** Starts a server, and waits until it answers. */
export async function startServer(
  command: string,
  args: readonly string[],
  url: string,
): Promise<{ pid: number; stop: () => Promise<void> }> {
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000);
    });
  const stop = async () => {
    process.off('exit', kill);
    await endGroup(child);
  };
  try {
    await waitForServer({ name: path.basename(command), child, url });
  } catch (cause) {
    await stop();
    throw new Error(`${command} does not answer.\n${output}`, { cause });
  }
  return { pid: child.pid ?? 0, stop };
}
