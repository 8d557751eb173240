/**
 * The pattern of all that is below another one; null where that ends in `**`, and has it already, and for the root: below
 * that is everything.
 */
export function below(pattern: string): string | null {
  if (pattern === '/') return null;
  return /\*\*[^/]*$/.test(pattern) ? null : `${pattern.replace(/\/$/, '')}/**`;
}
