import { responseLifetime } from './response-lifetime.ts';

/** The operation, as Apollo names it. */
interface Operation {
  readonly operationName?: string | undefined;
  readonly variables?: unknown;
}

export interface ApolloLifetimes {
  /** In a link, with the response that `HttpLink` puts into the operation's context: until when the answer is fresh. */
  readonly record: (operation: Operation, response: Pick<Response, 'headers'> | undefined) => void;
  /** For `useQuery`: the cache while the last answer is fresh, else the service. */
  readonly fetchPolicyOf: (operationName: string, variables?: unknown) => 'cache-first' | 'network-only';
  /** After a write, and when the person changes. */
  readonly forget: () => void;
}

/**
 * Lifetimes for Apollo Client, whose cache is normalised and knows no times.
 *
 * @param nowMs - Default: the clock.
 *
 * @example
 * const lifetimes = createApolloLifetimes();
 * const lifetimeLink = new ApolloLink((operation, forward) =>
 *   forward(operation).pipe(tap(() => lifetimes.record(operation, operation.getContext().response))),
 * );
 * useQuery(ORDERS, { fetchPolicy: lifetimes.fetchPolicyOf('Orders') });
 */
export function createApolloLifetimes(nowMs: () => number = () => Date.now()): ApolloLifetimes {
  const freshUntilMs = new Map<string, number>();
  const keyOf = (operationName: string | undefined, variables: unknown) =>
    JSON.stringify([operationName, variables ?? {}]);
  return {
    record({ operationName, variables }, response) {
      if (response === undefined) return;
      const { staleTimeMs } = responseLifetime(response.headers, nowMs());
      freshUntilMs.set(keyOf(operationName, variables), nowMs() + staleTimeMs);
    },
    fetchPolicyOf: (operationName, variables) =>
      nowMs() < (freshUntilMs.get(keyOf(operationName, variables)) ?? 0) ? 'cache-first' : 'network-only',
    forget: () => freshUntilMs.clear(),
  };
}
