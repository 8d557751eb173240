import { decodeBody, isJsonBody } from '../bodies/json-body.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { GraphqlRule } from '../policy/graphql-rule.ts';
import type { Policy } from '../policy/policy.ts';
import type { GraphqlOperation } from './graphql-operation.ts';
import { createReadOperation } from './read-operation.ts';
import type { SharedMemory } from './shared-memory.ts';

const UNREADABLE: GraphqlOperation = { kind: 'unreadable' };
/** A server may read what it asks for in its body. */
const WITH_BODY: GraphqlOperation = { kind: 'unreadable', mayWrite: true };

/** What counts of a request to an endpoint. */
interface AskedRequest {
  readonly method: string;
  readonly headers: ReadonlyFields;
  /** Raw, without `?`. */
  readonly query: string;
  readonly hasBody: boolean;
}

/**
 * A function that tells what a request asks of a GraphQL endpoint; null for methods that ask nothing. `readBody` is called where the
 * body counts, and gives null where it is too long or not there.
 */
export function createAskOperation(
  { routes }: Pick<Policy, 'routes'>,
  shared: SharedMemory | null,
): (
  facts: AskedRequest,
  rule: GraphqlRule,
  readBody: (rule: GraphqlRule) => Promise<Uint8Array | null>,
) => Promise<GraphqlOperation | null> {
  const readers = new Map(
    [...routes].flatMap(({ graphql }) =>
      graphql === null ? [] : [[graphql, createReadOperation(graphql, shared)]],
    ),
  );
  return async function askOperation({ method, headers, query, hasBody }, rule, readBody) {
    const readOperation = readers.get(rule);
    // Nobody says what a body of that method means to such an endpoint.
    if (readOperation !== undefined && method === 'QUERY') return WITH_BODY;
    if (readOperation === undefined || (method !== 'GET' && method !== 'POST')) return null;
    const accept = headers.get('accept');
    if (method === 'GET') return hasBody ? WITH_BODY : readOperation({ body: null, query, accept });
    const bytes = isJsonBody(headers) ? await readBody(rule) : null;
    const body = bytes === null ? null : decodeBody(bytes);
    return body === null ? UNREADABLE : readOperation({ body, query, accept });
  };
}
