import type { Explanation } from '../explain/explanation.ts';

/** What the edge would do with a request; nothing is asked, stored or purged. */
export interface TestPlan {
  readonly lane: 'pass' | 'public' | 'scoped' | 'reject' | 'operator';
  /** Why that lane: a word of docs/concepts/lanes.md, such as `scope-verified`. */
  readonly reason: string;
  readonly route: string | null;
  /** The scope whose claims were verified. */
  readonly scope: string | null;
  /** Of an answer that the edge gives by itself; null where the origin's goes out. */
  readonly status: number | null;
  readonly code: string | null;
  /** A keyed digest of the cache key: two requests with the same one share an entry; null where nothing is cached. */
  readonly keyDigest: string | null;
  /** By which of these it can be purged. */
  readonly surrogateKeys: readonly string[];
  /** Purged after the origin has answered a write. */
  readonly purgesAfterWrite: readonly string[];
}

/** Where a plan comes from. */
export const PLAN_PATH = '/.edge/explain';

/** The body of an order for a plan: a request as the edge would get it. */
export function planOrder(path: string, method: string, headers: Headers, body: string | undefined): object {
  return { path, method, headers: Object.fromEntries(headers), body, showValues: true };
}

export function planOf(explanation: Explanation): TestPlan {
  const { lane, reason, route, scope, status, code, key, surrogateKeys, purgesAfterWrite } = explanation;
  return {
    ...{ lane, reason, route, status, code, surrogateKeys, purgesAfterWrite },
    scope: scope?.name ?? null,
    keyDigest: key?.entry ?? null,
  };
}
