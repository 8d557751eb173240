import { RESERVED_SCOPES } from '../keys/surrogate-key.ts';

/** Times are what one looks for in a token that does not work, and name nobody. */
const TIMES = new Set(['exp', 'nbf', 'iat']);

/** Claims by name, each value as its type; times as they are. */
export function maskClaims(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, TIMES.has(name) ? value : maskValue(value)]),
  );
}

/** A value as its type. The members of an object keep their names, because a claim path is made of them. */
export function maskValue(value: unknown): unknown {
  if (Array.isArray(value)) return `(array of ${value.length})`;
  if (typeof value !== 'object' || value === null) return `(${value === null ? 'null' : typeof value})`;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskValue(inner)]));
}

/** Of a scope's key only the scope: `user:(masked)`. Keys of routes and URLs name nobody. */
export function maskKey(key: string): string {
  const scope = key.slice(0, key.indexOf(':'));
  return RESERVED_SCOPES.has(scope) ? key : `${scope}:(masked)`;
}
