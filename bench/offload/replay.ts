import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'undici';
import type { TokenMint } from '../support/token-mint.ts';
import { ask } from './ask.ts';
import type { PageOrigin } from './page-origin.ts';
import type { Visit } from './trace.ts';

export interface Replayed {
  readonly originRequests: number;
  /** Reads that showed less than their reader had written, and been told so, before they asked. */
  readonly ownStaleReads: number;
  /** Pages that belong to somebody else. */
  readonly foreignPages: number;
  /** From when a request was due to its whole answer: a machine that cannot keep up does not replay the trace. */
  readonly slowestMs: number;
}

/** Each visit at its time, through the real service. `name` keeps the users of one trace apart from those of another. */
export async function replay(
  trace: readonly Visit[],
  {
    name,
    pool,
    origin,
    mint,
    teamOf,
  }: {
    readonly name: string;
    readonly pool: Pool;
    readonly origin: PageOrigin;
    readonly mint: TokenMint;
    readonly teamOf: (user: number) => string;
  },
): Promise<Replayed> {
  const issued = new Map<string, Promise<string>>();
  const subOf = (user: number) => `${name} ${user}`;
  const tokenOf = ({ user, token }: Visit) => {
    const id = `${user} ${token}`;
    const known = issued.get(id) ?? mint.issue('HS256', subOf(user), { team: `${name} ${teamOf(user)}` });
    issued.set(id, known);
    return known;
  };
  await Promise.all(trace.map(tokenOf));

  const acknowledged = new Map<number, number>();
  const before = origin.count();
  let ownStaleReads = 0;
  let foreignPages = 0;
  let slowestMs = 0;
  const startedMs = performance.now();
  await Promise.all(
    trace.map(async (visit) => {
      const dueMs = startedMs + visit.atSeconds * 1000;
      await sleep(Math.max(0, dueMs - performance.now()));
      const written = acknowledged.get(visit.user) ?? 0;
      const { page } = await ask(
        pool,
        `/api/${visit.page}`,
        await tokenOf(visit),
        visit.write ? 'PUT' : 'GET',
      );
      slowestMs = Math.max(slowestMs, performance.now() - dueMs);
      if (visit.page === 'report') return;
      if (page.owner !== subOf(visit.user)) foreignPages += 1;
      if (visit.write) acknowledged.set(visit.user, Math.max(written, page.version));
      else if (page.version < written) ownStaleReads += 1;
    }),
  );
  return { originRequests: origin.count() - before, ownStaleReads, foreignPages, slowestMs };
}
