/** The pattern of all that is below another one; null where that ends in `**`, and has it already. */
export function below(pattern: string): string | null {
  return /\*\*[^/]*$/.test(pattern) ? null : `${pattern.replace(/\/$/, '')}/**`;
}
