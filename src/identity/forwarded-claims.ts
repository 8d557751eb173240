import { claimValue, walkClaims } from '../policy/claims/claim-value.ts';
import type { Route } from '../policy/routes/route.ts';
import type { Identity } from './identity.ts';

/**
 * The verified claims that a route's origin wants as headers. A claim that is missing or cannot be a key is left out.
 * Characters outside printable ASCII, and `%`, are percent-encoded as UTF-8, so that no two values look alike.
 */
export function forwardedClaims(
  identity: Identity | null,
  { forwardClaims }: Route,
): readonly (readonly [string, string])[] {
  if (identity === null) return [];
  return forwardClaims.flatMap(({ header, path }) => {
    const value = claimValue(walkClaims(identity.claims, path));
    return value === null ? [] : [[header, headerText(String(value))] as const];
  });
}

function headerText(text: string): string {
  return text.replace(/[^\x21-\x24\x26-\x7e]+/g, (part) => encodeURIComponent(part));
}
