import type { Policy } from '../../src/policy/policy.ts';
import type { World } from '../base/world.ts';
import { exchange } from './exchange.ts';
import type { Pacer } from './pacer.ts';
import type { Answer, Target } from './types.ts';

export interface OriginAskDeps {
  readonly world: Pick<World, 'env'>;
  readonly origin: URL;
  /** The Host that the site has. */
  readonly host: string;
  readonly pacer: Pacer;
  readonly timeoutMs: number;
  readonly policy: Policy;
}

/**
 * Asks the origin as the edge does on the public lane: no credential, no cookie, the edge's own user agent. A locked origin also gets its
 * secret, from CLAIMCACHE_ORIGIN_SECRET.
 */
export function createOriginAsk({ world, origin, host, pacer, timeoutMs, policy }: OriginAskDeps) {
  const secret = world.env.CLAIMCACHE_ORIGIN_SECRET?.trim() || null;
  return async ({ route }: Target, path: string): Promise<Answer> => {
    await pacer.turn();
    const { hostHeader = null, lock = null } = route.origin ?? policy.origins[0] ?? {};
    return exchange(origin, path, {
      method: 'GET',
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'claimcache',
        host: hostHeader ?? host,
        ...(lock !== null && secret !== null ? { [lock.header]: secret } : {}),
      },
      timeoutMs,
    });
  };
}
