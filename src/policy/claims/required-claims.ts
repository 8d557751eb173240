import type { RequiredClaim } from './claim-requirements.ts';
import { claimValue, walkClaims } from './claim-value.ts';

/** Claims that hold a list in one string, separated by spaces (RFC 8693 section 4.2; `scp` is the same elsewhere). */
const SPACE_SEPARATED: ReadonlySet<string> = new Set(['scope', 'scp']);

/**
 * Whether a caller has what a scope requires: each claim is there, and one of the accepted values is its value or, in
 * an array, among its values. Types count: `"1"` is not `1`.
 */
export function hasRequiredClaims(
  claims: Readonly<Record<string, unknown>>,
  required: readonly RequiredClaim[],
): boolean {
  if (required.length === 0) return true;
  return required.every(({ path, values }) => {
    const found = valuesOf(walkClaims(claims, path), path);
    return values === null
      ? found.some((value) => claimValue(value) !== null)
      : found.some((value) => values.some((accepted) => accepted === value));
  });
}

/** The values that a claim stands for: itself, the members of an array, the words of `scope`. */
export function valuesOf(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const [name = ''] = path;
  if (typeof value === 'string' && path.length === 1 && SPACE_SEPARATED.has(name)) return value.split(' ');
  return [value];
}
