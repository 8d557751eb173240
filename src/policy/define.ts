import type { DefinedPolicy, TypedPolicy } from './typed-policy.ts';

/**
 * Declares the policy. Returns what it is given: it is here for completion, and so that a name that is used in one place and
 * declared in another, a misspelt setting, or two settings that exclude each other are type errors while you type.
 *
 * @example
 * export default definePolicy({
 *   origins: { app: { backend: 'origin' } },
 *   providers: { app: { algorithms: ['RS256'], keys: { configStore: 'claimcache_config', item: 'jwks' } } },
 *   scopes: { user: { claims: 'sub' } },
 *   routes: { orders: { path: '/api/orders', scope: 'user', ttlSeconds: { max: 600 } } },
 * });
 */
export function definePolicy<
  Origin extends string,
  Route extends string,
  Provider extends string = never,
  Scope extends string = never,
>(policy: TypedPolicy<Origin, Provider, Scope, Route>): DefinedPolicy<Origin, Provider, Scope, Route> {
  return policy as unknown as DefinedPolicy<Origin, Provider, Scope, Route>;
}
