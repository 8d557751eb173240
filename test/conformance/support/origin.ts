import { expect, inject } from 'vitest';
import { ACCESS_HEADER } from '../../site/origin/routes/access.ts';
import { type Answer, type SendOptions, send } from '../../support/send.ts';

/** Asks the origin itself, around the edge. */
export function origin(target: string, options: SendOptions = {}): Promise<Answer> {
  return send(inject('originUrl'), target, { ...options, headers: { ...access(), ...options.headers } });
}

/** What a guarded origin wants to see before it lets anybody sign in, by the edge too. */
export function access(): Record<string, string> {
  return { [ACCESS_HEADER]: inject('originAccess') };
}

interface Counts {
  readonly total: number;
  readonly routes: Readonly<Record<string, { readonly total: number }>>;
}

/** How many requests the origin has counted, all or of one `GET /path`. Nobody else may use it while the suite runs. */
async function originCount(route?: string): Promise<number> {
  const counts = (await origin('/__origin/requests')).json<Counts>();
  return route === undefined ? counts.total : (counts.routes[route]?.total ?? 0);
}

/** Expects `work` to reach the origin exactly `times` times. */
export async function expectOriginRequests<T>(times: number, work: () => Promise<T>): Promise<T> {
  const before = await originCount();
  const result = await work();
  expect((await originCount()) - before, 'requests that reached the origin').toBe(times);
  return result;
}

/** Begins a request, and resolves when the origin has it; its answer may be long in coming. */
export async function underWay(
  route: string,
  begin: () => Promise<Answer>,
): Promise<{ readonly answer: Promise<Answer> }> {
  const before = await originCount(route);
  const answer = begin();
  await expect.poll(() => originCount(route)).toBe(before + 1);
  return { answer };
}
