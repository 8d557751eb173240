import type { PolicyInput } from './input.ts';

/**
 * Declares the policy. Returns what it is given: it is here for completion, for type checks, and so that names
 * used in one place and declared in another are checked while you type.
 *
 * @example
 * export default definePolicy({
 *   origins: { app: { backend: 'origin' } },
 *   providers: { app: { algorithms: ['RS256'], keys: { configStore: 'claimcache_config', item: 'jwks' } } },
 *   scopes: { user: { claims: 'sub' } },
 *   routes: { orders: { path: '/api/orders', scope: 'user', ttlSeconds: { max: 600 } } },
 * });
 */
export function definePolicy<const P extends PolicyInput>(policy: P & PolicyInput): P {
  return policy;
}
