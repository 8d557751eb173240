/** Whether an `Authorization` is of a scheme that a route calls somebody else's. */
export function isOfOtherScheme(value: string | null, otherSchemes: readonly string[] | undefined): boolean {
  if (value === null || otherSchemes === undefined || otherSchemes.length === 0) return false;
  return otherSchemes.includes(value.slice(0, value.search(/[ \t]|$/)).toLowerCase());
}
