import type { ReadonlyFields } from '../http/fields.ts';
import { isSafeMethod } from '../http/safe-methods.ts';
import { namesHost } from '../http/same-host.ts';
import { splitTarget } from '../http/target.ts';
import { prepareUrlKeys, urlKeys } from '../keys/surrogate-key.ts';
import type { PassDecision } from '../lanes/decision.ts';
import { isReadOnlyOperation } from '../lanes/is-read-only-operation.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { normalPath } from '../paths/normal-path.ts';
import type { Router } from '../routing/router.ts';

/** What of a request tells which URLs it may have changed. */
export type PassedFacts = Pick<RequestFacts, 'method' | 'host' | 'path'> &
  Partial<Pick<RequestFacts, 'operation' | 'content'>>;

/**
 * The URLs that an unsafe request has made doubtful (RFC 9111 section 4.4): its own, and what the answer's `Location` and
 * `Content-Location` name on the same host; as surrogate keys. Only where the answer is no error, and only for URLs
 * outside every scope: on a scoped route one person's write must not empty everybody's entries, and theirs are purged
 * by identity. Each with all that an origin could read in it: it may have written what is kept under another spelling.
 */
export async function invalidatedKeys(
  facts: PassedFacts,
  { reason }: Pick<PassDecision, 'reason'>,
  response: { readonly status: number; readonly headers: ReadonlyFields },
  router: Router,
): Promise<readonly string[]> {
  const isUnsafe = !isSafeMethod(facts.method) && !isReadOnlyOperation(facts);
  if (!isUnsafe || reason === 'preflight' || response.status < 200 || response.status >= 400) return [];
  const named = ['location', 'content-location'].flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : samePlace(value, facts);
  });
  const open = [...new Set([facts.path, ...named])].filter((path) => isOpen(path, facts.host, router));
  const paths = open.flatMap((path) => [path, ...router.foldedPaths(path)]);
  await prepareUrlKeys(facts.host, paths);
  return urlKeys(facts.host, paths);
}

function isOpen(path: string, host: string, router: Router): boolean {
  try {
    const { scope, graphql } = router.resolve(path, host).route;
    // All of an endpoint has one URL: a mutation empties no more of it than its answer and the policy name.
    return scope === null && graphql === null;
  } catch {
    // What nobody may ask for is not kept either.
    return false;
  }
}

/** The path of a URI reference, where it leads to the same host. */
function samePlace(reference: string, { host, path }: PassedFacts): string[] {
  try {
    const url = new URL(reference, `http://${host}${path}`);
    return namesHost(url, host) ? [normalPath(splitTarget(url.href).path)] : [];
  } catch {
    return [];
  }
}
