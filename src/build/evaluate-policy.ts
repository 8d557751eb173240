import path from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { ALGORITHMS } from '../identity/algorithms.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { Policy } from '../policy/policy.ts';
import { policyWarnings } from '../policy/warnings.ts';
import { matchersSource } from '../routing/matchers.ts';
import { readPolicy } from './read-policy.ts';

export interface EvaluatedPolicy {
  readonly policy: Policy;
  /** Its patterns as the source of an expression: code that rou3's compiler writes. */
  readonly matchers: string;
  /** Whether a provider needs an engine that verifies in JavaScript: `pss`, `ed25519`. */
  needs(engine: string): boolean;
  readonly hasGraphql: boolean;
  /** Whether answers of a GraphQL endpoint are looked into for entities, or for what a mutation has done. */
  readonly hasEntities: boolean;
  /** Whether a route is cached by body. */
  readonly hasBodies: boolean;
  /** Whether a route names hosts. */
  readonly hasHosts: boolean;
  readonly hasVariants: boolean;
  /** Whether a scope has a set of a claim. */
  readonly hasSets: boolean;
  /** Whether a provider looks for tokens in places of that kind: `packedCookie`, `query`. */
  hasPlace(kind: string): boolean;
  readonly hasEncryption: boolean;
  /** Whether a provider asks somebody about its credentials. */
  readonly hasLookup: boolean;
  /** Whether somebody purges by webhooks. */
  readonly hasPurgeHooks: boolean;
  /** Whether a route opens sockets. */
  readonly hasSockets: boolean;
  /** What may be meant, and should be known. */
  readonly warnings: readonly string[];
}

/**
 * The policy as it stands in a file now, compiled.
 *
 * @param file - Absolute; TypeScript, or JavaScript.
 * @throws {PolicyFileError} where it cannot be read, {PolicyError} where it is not valid: with code, path, value and fix.
 */
export async function evaluatePolicy(file: string): Promise<EvaluatedPolicy> {
  // It reads the file, and what that imports, anew each time: a build that watches sees what has changed.
  const load = (url: string) => tsImport(url, import.meta.url);
  const input = await readPolicy(file, path.relative(process.cwd(), file), load);
  return { ...evaluated(compilePolicy(input)), warnings: policyWarnings(input) };
}

export function evaluated(policy: Policy): EvaluatedPolicy {
  const engines = new Set(
    policy.providers.flatMap(({ algorithms }) => algorithms).map((name) => ALGORITHMS[name].engine),
  );
  return {
    policy,
    matchers: matchersSource(policy)
      .replace(/^export default /, '')
      .replace(/;\s*$/, ''),
    needs: (engine) => [...engines].some((name) => name === engine),
    hasLookup: policy.providers.some(({ lookup }) => lookup !== null),
    hasGraphql: [...policy.routes].some(({ graphql }) => graphql !== null),
    hasEntities: [...policy.routes].some(
      ({ graphql }) => graphql !== null && graphql.entities.size + graphql.mutations.size > 0,
    ),
    hasBodies: [...policy.routes].some(({ body }) => body !== null),
    hasHosts: [...policy.routes].some(({ hosts }) => hosts.length > 0),
    hasVariants: [...policy.routes].some(({ variants }) => variants !== null),
    hasSets: [...policy.scopes.values()].some(({ parts }) => parts.some(({ kind }) => kind === 'set')),
    hasPlace: (kind) =>
      policy.providers.some(({ credentials }) => credentials.some((place) => place.kind === kind)),
    hasEncryption: policy.providers.some(({ encryption }) => encryption !== null),
    hasPurgeHooks: policy.purgeHooks.size > 0,
    hasSockets: [...policy.routes].some(({ websocket }) => websocket !== null),
    warnings: [],
  };
}
