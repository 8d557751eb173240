import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject } from 'vitest';
import { edge } from './edge.ts';

/** A purge is in force at once on the local engine; a deployed service's needs some 150 ms to be everywhere. */
const PROPAGATION_MS = process.env.EDGE_URL ? 1500 : 0;

/** Whether the run knows the operator's token, which a deployed service may keep to itself. */
export const canPurge = inject('operatorToken') !== '';

export interface PurgeRequest {
  readonly scope?: string;
  readonly value?: string | number | boolean;
  readonly values?: readonly (string | number | boolean)[];
  readonly route?: string;
  readonly keys?: readonly string[];
  readonly soft?: boolean;
}

/** Purges by the service's own endpoint; resolves when the purge is in force. */
export async function purge(order: PurgeRequest): Promise<void> {
  const answer = await edge('/.edge/purge', {
    method: 'POST',
    headers: { authorization: `Bearer ${inject('operatorToken')}` },
    body: JSON.stringify(order),
  });
  expect(answer.status, answer.text).toBe(200);
  await propagated();
}

/** After something else that purges, such as a write. */
export async function propagated(): Promise<void> {
  if (PROPAGATION_MS > 0) await sleep(PROPAGATION_MS);
}
