import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isPortFree } from '../../cli/dev/local-server/ports.ts';
import { type RunningViceroy, startViceroy } from './start-viceroy.ts';

/** In a manifest: the address of a backend whose port the pool chooses. */
export const addressOf = (backend: string) => `http://127.0.0.1:port-of-${backend}`;

export interface LeaseRequest {
  /** Path of the service. */
  readonly wasm: string;
  /** Its text, with `addressOf` each of the backends in it. */
  readonly manifest: string;
  readonly backends: readonly string[];
  /** Text of the Config Store to start with. */
  readonly config: string;
  /** See start-viceroy.ts. */
  readonly verbose?: boolean;
}

export interface Lease {
  /** Of the Viceroy. */
  readonly id: number;
  /** 1 for who is the first to have it. */
  readonly turn: number;
  readonly url: string;
  readonly pid: number;
  /** Where each of the backends has to listen. */
  readonly ports: Readonly<Record<string, number>>;
  readonly configFile: string;
  /** What Viceroy prints is added to these. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

export interface EdgePool {
  /** A Viceroy with this service and this manifest that nobody has: one that was given back, else a new one. */
  lease(request: LeaseRequest): Promise<Lease>;
  /** The next one may have it. */
  giveBack(id: number): Promise<void>;
  /** Nobody may have it again. */
  end(id: number): Promise<void>;
  stop(): Promise<void>;
}

interface Member {
  readonly id: number;
  readonly key: string;
  readonly lease: Omit<Lease, 'turn'>;
  readonly viceroy: RunningViceroy;
  turn: number;
  isFree: boolean;
}

/** Outside of the range that other servers of the tests take their ports from: an origin finds its own free each time. */
const FIRST_PORT = 12_000;
const LAST_PORT = 19_999;

/**
 * Viceroys that several test files run in, one after the other: to start one is 13 seconds of CPU, to take over one is nothing. Who waits
 * for the next file is paused.
 *
 * @param maxFree - How many may wait; the one that has waited longest is ended.
 */
export function createEdgePool({ maxFree }: { readonly maxFree: number }): EdgePool {
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-pool-'));
  /** In the order in which they were given back. */
  const members = new Map<number, Member>();
  const ports = new Set<number>();
  let started = 0;

  async function start(key: string, request: LeaseRequest): Promise<Member> {
    started += 1;
    const id = started;
    const own: Record<string, number> = {};
    let { manifest } = request;
    for (const backend of request.backends) {
      const port = await newPort(ports);
      own[backend] = port;
      manifest = manifest.replaceAll(`"${addressOf(backend)}"`, `"http://127.0.0.1:${port}"`);
    }
    const [stdoutFile, stderrFile] = ['out', 'err'].map((name) => path.join(folder, `${id}.${name}`)) as [
      string,
      string,
    ];
    for (const file of [stdoutFile, stderrFile]) appendFileSync(file, '');
    const viceroy = await startViceroy({
      wasm: request.wasm,
      manifest,
      config: request.config,
      verbose: request.verbose ?? false,
      onStdout: (text) => appendFileSync(stdoutFile, text),
      onStderr: (text) => appendFileSync(stderrFile, text),
    });
    const { url, pid, configFile } = viceroy;
    const lease = { id, url, pid, ports: own, configFile, stdoutFile, stderrFile };
    return { id, key, lease, viceroy, turn: 0, isFree: false };
  }

  async function end(id: number): Promise<void> {
    const member = members.get(id);
    members.delete(id);
    await member?.viceroy.stop();
  }

  return {
    async lease(request) {
      const { wasm, manifest, verbose = false } = request;
      const key = JSON.stringify([wasm, statSync(wasm).mtimeMs, manifest, verbose]);
      const free = [...members.values()].findLast((member) => member.isFree && member.key === key);
      // Taken before anything is waited for: nobody else may take it too.
      if (free !== undefined) free.isFree = false;
      const hasDied = free !== undefined && (await isPortFree(Number(new URL(free.lease.url).port)));
      if (hasDied) await end(free.id);
      const member = free && !hasDied ? free : await start(key, request);
      members.set(member.id, member);
      member.viceroy.resume();
      member.turn += 1;
      return { ...member.lease, turn: member.turn };
    },
    async giveBack(id) {
      const member = members.get(id);
      if (member === undefined) return;
      members.delete(id);
      members.set(id, member);
      member.isFree = true;
      member.viceroy.pause();
      const free = [...members.values()].filter(({ isFree }) => isFree);
      for (const { id } of free.slice(0, Math.max(0, free.length - maxFree))) await end(id);
    },
    end,
    async stop() {
      await Promise.all([...members.keys()].map(end));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function newPort(taken: Set<number>): Promise<number> {
  for (let tries = 0; tries < 1000; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (taken.has(port) || !(await isPortFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`No port from ${FIRST_PORT} to ${LAST_PORT} is free.`);
}
