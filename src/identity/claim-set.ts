import { canonicalSet } from '../keys/canonical-set.ts';
import type { ClaimValue } from '../policy/claims/claim-path.ts';
import { claimValue, walkClaims } from '../policy/claims/claim-value.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { SetPart } from '../policy/scopes/scope-parts.ts';
import type { Identity } from './identity.ts';

/** Longest array that is looked through. */
const MAX_MEMBERS = 256;

/**
 * The members of an array claim that a part lists. An empty one is a set like any other.
 *
 * @returns null where the claim is no array, has a member that cannot be part of a key, or has too many.
 */
export function claimSet(identity: Identity | null, part: SetPart): readonly ClaimValue[] | null {
  const members = walkClaims(identity?.claims ?? {}, part.path);
  if (!Array.isArray(members) || members.length > MAX_MEMBERS) return null;
  return members.every((member) => claimValue(member) !== null) ? canonicalSet(members, part) : null;
}

/** Whether it is the number of members that keeps a scope from being filled: no fault of the token, and refused for good. */
export function hasTooMany(identity: Identity, { parts }: Scope): boolean {
  return parts.some((part) => {
    if (part.kind !== 'set') return false;
    const members = walkClaims(identity.claims, part.path);
    if (!Array.isArray(members)) return false;
    return members.length > MAX_MEMBERS || canonicalSet(members, part) === null;
  });
}
