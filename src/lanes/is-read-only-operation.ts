import type { RequestFacts } from './request-facts.ts';

/** A request to a GraphQL endpoint that is known to change nothing, whatever its method. */
export function isReadOnlyOperation({ operation }: Partial<Pick<RequestFacts, 'operation'>>): boolean {
  return ['query', 'subscription', 'unsupported'].includes(operation?.kind ?? '');
}
