import { surrogateKey } from '../../keys/surrogate-key.ts';
import type { ClaimValue } from '../../policy/claims/claim-path.ts';
import { claimValue, walkClaims } from '../../policy/claims/claim-value.ts';
import { own } from '../../policy/claims/own.ts';
import { hasRequiredClaims } from '../../policy/claims/required-claims.ts';
import type { Scope } from '../../policy/scopes/scope.ts';

/**
 * By which surrogate keys somebody's answer is purged, beside that of the credential: those of the scopes that name one person, so that a
 * purge of `user:42`, or a write of theirs, takes it as well. A group's key would take those of all its members each time one of them writes.
 *
 * @returns null where the claims fill no scope of that provider: nobody is signed in.
 */
export function identityKeys(
  provider: string,
  claims: Readonly<Record<string, unknown>>,
  scopes: readonly Scope[],
): readonly string[] | null {
  const keys: string[] = [];
  let isSomebody = false;
  for (const scope of scopes) {
    if (!scope.providers.some(({ name }) => name === provider)) continue;
    const values = valuesOf(claims, scope);
    if (values === null || (values.length === 0 && !isNamed(claims, scope))) continue;
    isSomebody = true;
    if (!scope.shared && values.length > 0) keys.push(surrogateKey(scope.name, values));
  }
  return isSomebody ? keys : null;
}

/** A scope without claims is for everybody who is signed in. */
function isNamed(claims: Readonly<Record<string, unknown>>, { requiredClaims }: Scope): boolean {
  if (claimValue(own(claims, 'sub')) !== null) return true;
  return requiredClaims.length > 0 && hasRequiredClaims(claims, requiredClaims);
}

function valuesOf(claims: Readonly<Record<string, unknown>>, scope: Scope): readonly ClaimValue[] | null {
  const values: ClaimValue[] = [];
  for (const path of scope.claims) {
    const value = claimValue(walkClaims(claims, path));
    if (value === null) return null;
    values.push(value);
  }
  return values;
}
