import { ADDRESS_HEADERS } from '../request-fields/client-address-names.ts';
import type { RouteInput } from './route.ts';

/**
 * What a response's `Vary` may name without a consequence at the edge. Whose page it is the scope decides, and the host and the
 * encoding are part of what an entry is found by.
 */
const NEVER_COUNT = ['accept-encoding', 'authorization', 'cookie', 'host'];
/** What a GraphQL query is asked with is made by the edge. */
const OF_GRAPHQL = ['accept', 'content-type'];

/** Fields of a response's `Vary` that are part of the route's key, or that the policy ignores. */
export function compileKnownVary(
  { vary = [], cors = true, graphql, ignoreVary = [] }: RouteInput,
  credentialFields: readonly string[],
  policy: { readonly ignoreVary: readonly string[]; readonly answersCors: boolean },
): readonly string[] {
  const names = [
    ...NEVER_COUNT,
    // No origin gets them, on a pass neither.
    ...ADDRESS_HEADERS,
    ...credentialFields,
    ...vary,
    ...ignoreVary,
    ...policy.ignoreVary,
    ...(policy.answersCors && cors
      ? ['origin', 'access-control-request-method', 'access-control-request-headers']
      : []),
    ...(graphql ? OF_GRAPHQL : []),
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}
