import { lockedWays, type OriginWays } from '../origin/origin-lock.ts';
import { usableResponses } from '../origin/usable-response.ts';
import type { Policy } from '../policy/policy.ts';
import { shieldedWays } from '../shield/through-shield.ts';
import type { Platform } from '../types/platform.ts';

/** The platform's ways to an origin: what it cannot be served with is a failure, a locked origin gets its secret, and a shield is asked first. */
export function originWays(bare: Platform, policy: Policy): OriginWays {
  const usable = { ...bare, ...usableResponses(bare) };
  return shieldedWays(usable, lockedWays(usable, bare, policy), policy);
}
