import type { ClaimPath, ClaimValue } from './claim-path.ts';

/** Longest claim value, in bytes of UTF-8. */
const MAX_VALUE_BYTES = 1024;
const ARRAY_INDEX = /^(?:0|[1-9]\d{0,3})$/;

/**
 * The member that a path leads to: own properties only, so `constructor` or `__proto__.x` lead nowhere unless the
 * token really has such a member. In an array a part is an index.
 */
export function walkClaims(claims: Readonly<Record<string, unknown>>, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (let i = 0; i < path.length; i++) {
    const part = path[i] as string;
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && !ARRAY_INDEX.test(part)) return undefined;
    if (!Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/**
 * A value that can partition the cache: a non-empty string of at most 1 KiB without lone surrogates, a safe integer, or
 * a boolean. Two lone surrogates become one character in UTF-8: two people, one surrogate key.
 *
 * @returns null for anything else.
 */
export function claimValue(value: unknown): ClaimValue | null {
  if (typeof value === 'boolean') return value;
  // + 0 turns -0 into 0: JSON writes both as 0.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : null;
  if (typeof value !== 'string' || value === '' || value.length > MAX_VALUE_BYTES) return null;
  if (/\p{Surrogate}/u.test(value)) return null;
  return new TextEncoder().encode(value).length <= MAX_VALUE_BYTES ? value : null;
}
