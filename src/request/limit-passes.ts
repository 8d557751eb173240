import { EdgeError } from '../errors.ts';
import { clientNetwork } from '../keys/client-network.ts';
import type { PassDecision, Reason } from '../types/decision.ts';
import type { Platform } from '../types/platform.ts';
import type { Journal } from './request-log.ts';

/** Passes that nobody can ask for by what they send: what the operator or the platform decided. */
const NOT_COUNTED: ReadonlySet<Reason> = new Set<Reason>([
  'switch-pass',
  'switch-observe',
  'switches-unreadable',
  'no-engine',
]);

/**
 * Counts a pass of a client, where the policy says so. A forged cookie or token on a public page is a free request to the
 * origin, and this is what bounds it.
 *
 * @throws {EdgeError} ERR_RATE_LIMITED, with the time when the client leaves the penalty box.
 */
export function limitPasses(
  platform: Platform,
  clientAddress: string | null,
  { route, reason, partition }: PassDecision,
  isValidatedEditor: boolean,
  journal: Journal,
): void {
  const { passLimit } = route;
  if (passLimit === null || clientAddress === null || NOT_COUNTED.has(reason)) return;
  // Verified. A scope without providers has a partition too, and whoever likes can be in it.
  if (partition !== null && partition.provider !== '') return;
  if (isValidatedEditor && (reason === 'cms-cookie' || reason === 'cms-path')) return;
  const limiter = platform.limiter(passLimit);
  const client = clientNetwork(clientAddress);
  if (limiter.isBlocked(client) || limiter.count(client)) {
    journal.note({ lane: 'reject' });
    throw new EdgeError('ERR_RATE_LIMITED', { retryAfterSeconds: passLimit.blockMinutes * 60 });
  }
}
