/** A member of the object itself: `constructor` is not a claim of every token. */
export function own(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}
