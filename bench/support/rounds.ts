import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMsOf } from './cpu-of.ts';
import { type LoadOptions, type LoadResult, load } from './load.ts';

export interface Contender extends Pick<LoadOptions, 'status' | 'cache' | 'headers'> {
  readonly name: string;
  readonly url: string;
  /** Of the server. */
  readonly pid: number;
  /** vCPU milliseconds that the service has logged so far, request by request; null: it logs none. */
  readonly vcpuMs: (() => readonly number[]) | null;
}

export interface RoundResult extends LoadResult {
  /** CPU of the whole server process for each request, the engine's own share included. */
  readonly cpuMs: number | null;
  readonly vcpuMs: readonly number[];
}

export interface RoundOptions {
  readonly rounds: number;
  readonly requests: number;
  readonly atMostMs: number;
  readonly connections: number;
  readonly warmUp: number;
}

/**
 * Rounds through all contenders in turn: a noisy moment, or a machine that changes its speed, hits all of them. Ratios are
 * to be taken within a round.
 */
export async function runRounds(
  contenders: readonly Contender[],
  { rounds, warmUp, ...options }: RoundOptions,
): Promise<ReadonlyMap<string, readonly RoundResult[]>> {
  for (const contender of contenders)
    await load(contender.url, { ...options, ...contender, cache: null, requests: warmUp });
  const results = new Map<string, RoundResult[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const { name, url, pid, vcpuMs } = contender;
      const loggedBefore = await settled(vcpuMs);
      const cpuBefore = cpuMsOf(pid);
      const result = await load(url, { ...options, ...contender });
      const cpuAfter = cpuMsOf(pid);
      const logged = await settled(vcpuMs);
      results.get(name)?.push({
        ...result,
        cpuMs: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / result.requests,
        vcpuMs: logged.slice(loggedBefore.length),
      });
    }
  }
  return results;
}

/** The log is read from a pipe: its last lines come a moment after their answers. */
async function settled(read: (() => readonly number[]) | null): Promise<readonly number[]> {
  if (read === null) return [];
  for (let length = -1; length !== read().length; ) {
    length = read().length;
    await sleep(50);
  }
  return [...read()];
}
