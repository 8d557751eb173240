import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Person } from '../../../demo/origin/people.ts';
import { createTokens, type ProviderName } from '../../../demo/origin/tokens.ts';
import { demoKeys } from '../../../scripts/demo-keys.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { type Answer, type SendOptions, send } from '../../support/send.ts';
import type { RunningEdge } from '../../support/start-edge.ts';

export interface TokenOptions {
  readonly provider?: ProviderName;
  readonly expiresInSeconds?: number;
}

/** A token as the demo origin issues it, for anybody at all. */
export async function tokenOf(
  person: Person,
  { provider = 'app', expiresInSeconds = 900 }: TokenOptions = {},
): Promise<string> {
  return createTokens(await demoKeys()).issue(person, provider, expiresInSeconds);
}

/** Asks a running service, as the holder of a token or (null) as nobody. */
export function ask(
  { url }: { readonly url: string },
  token: string | null,
  target: string,
  options: SendOptions = {},
): Promise<Answer> {
  const credential = token === null ? {} : { authorization: `Bearer ${token}` };
  return send(url, target, { ...options, headers: { ...credential, ...options.headers } });
}

/** A target that no cache has seen. */
export function unseen(path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}unseen=${randomUUID()}`;
}

/** The lines that the requests of `work` write. */
export async function loggedBy(edge: RunningEdge, work: () => Promise<unknown>): Promise<LogRecord[]> {
  const from = await fence(edge);
  await work();
  const to = await fence(edge);
  return edge.logs().slice(from + 1, to);
}

/** Where the log stands: lines are in order, so what was answered before a request stands before its line. */
async function fence(edge: RunningEdge): Promise<number> {
  const { requestId } = (await ask(edge, null, '/.edge/fence')).json<{ requestId: string }>();
  const position = () => edge.logs().findIndex((line) => line.requestId === requestId);
  await expect.poll(position).toBeGreaterThanOrEqual(0);
  return position();
}
