import { EdgeError } from '../errors.ts';
import { clientNetwork } from '../http/client-network.ts';
import type { Reason } from '../lanes/lane.ts';
import type { Platform } from '../platform/platform.ts';
import { rejectPlan } from './plan-of-lane.ts';
import type { Plan, RejectPlan } from './planned-request.ts';

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
 * @returns the plan, or one that rejects: ERR_RATE_LIMITED, with the time when the client leaves the penalty box.
 */
export function limitPasses<P extends Plan>(
  platform: Pick<Platform, 'limiter'>,
  clientAddress: string | null,
  plan: P,
): P | RejectPlan {
  const asked: Plan = plan;
  if (asked.lane !== 'pass' || asked.ownAnswer === 'preflight') return plan;
  const { route, reason, partition, credential } = asked;
  const { passLimit } = route;
  if (passLimit === null || clientAddress === null || NOT_COUNTED.has(reason)) return plan;
  // Verified. A scope without providers has a partition too, and whoever likes can be in it.
  if (partition !== null && partition.provider !== '') return plan;
  if (credential.isEditor && (reason === 'cms-cookie' || reason === 'cms-path')) return plan;
  const limiter = platform.limiter(passLimit);
  const client = clientNetwork(clientAddress);
  if (!limiter.isBlocked(client) && !limiter.count(client)) return plan;
  const error = new EdgeError('ERR_RATE_LIMITED', { retryAfterSeconds: passLimit.blockMinutes * 60 });
  return rejectPlan(plan, error, reason);
}
