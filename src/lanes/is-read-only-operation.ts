import type { RequestFacts } from './request-facts.ts';

/** A request that is known to change nothing, whatever its method: to a GraphQL endpoint, or to a route that is cached by body. */
export function isReadOnlyOperation({
  operation,
  content,
}: Partial<Pick<RequestFacts, 'operation' | 'content'>>): boolean {
  return content !== undefined || ['query', 'subscription', 'unsupported'].includes(operation?.kind ?? '');
}
