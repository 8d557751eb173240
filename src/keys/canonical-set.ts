import type { ClaimValue, ScopeValue } from '../policy/claims/claim-path.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { SetPart } from '../policy/scopes/scope-parts.ts';

/**
 * The members that a part of a scope lists, each once, in the part's order: two people who have the same have one set, however their tokens say it.
 *
 * @returns null where there are more than the part allows: of a set that was cut short another set's page would be shown.
 */
export function canonicalSet(
  members: readonly unknown[],
  { only, atMost }: Pick<SetPart, 'only' | 'atMost'>,
): readonly ClaimValue[] | null {
  const held = new Set(members);
  const set = only.filter((member) => held.has(member));
  return set.length > atMost ? null : set;
}

/**
 * The values of a scope as somebody names them for a purge, with each set in its one order.
 *
 * @returns null where a set stands in the place of a value, a value in that of a set, or a set that nobody can have.
 */
export function namedValues(
  { claims, parts }: Pick<Scope, 'claims' | 'parts'>,
  values: readonly ScopeValue[],
): readonly ScopeValue[] | null {
  const named: ScopeValue[] = [];
  for (const [i, value] of values.entries()) {
    const part = parts[i - claims.length];
    const isSet = typeof value === 'object';
    if (isSet !== (part?.kind === 'set')) return null;
    const known = isSet && part?.kind === 'set' ? canonicalSet(value, part) : value;
    if (known === null) return null;
    named.push(known);
  }
  return named;
}
