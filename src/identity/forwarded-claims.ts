import type { ClaimValue } from '../policy/claims/claim-path.ts';
import { claimValue, walkClaims } from '../policy/claims/claim-value.ts';
import type { Route } from '../policy/routes/route.ts';
import { claimSet } from './claim-set.ts';
import type { Identity } from './identity.ts';

/**
 * The verified claims that a route's origin wants as headers. A claim that is missing or cannot be a key is left out.
 * Of a set the origin gets the members that count, joined by commas; none where the set is empty. Characters outside printable ASCII, and `%`, are percent-encoded as UTF-8, so that no two values look alike.
 */
export function forwardedClaims(
  identity: Identity | null,
  { forwardClaims }: Route,
): readonly (readonly [string, string])[] {
  if (identity === null || forwardClaims.length === 0) return [];
  return forwardClaims.flatMap(({ header, path, set }) => {
    if (set !== null) {
      const members = claimSet(identity, set) ?? [];
      return members.length === 0 ? [] : [[header, members.map(memberText).join(',')] as const];
    }
    const value = claimValue(walkClaims(identity.claims, path));
    return value === null ? [] : [[header, headerText(String(value))] as const];
  });
}

function memberText(member: ClaimValue): string {
  return headerText(String(member)).replaceAll(',', '%2C');
}

function headerText(text: string): string {
  return text.replace(/[^\x21-\x24\x26-\x7e]+/g, (part) => encodeURIComponent(part));
}
