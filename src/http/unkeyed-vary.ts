const MAX_FIELDS = 32;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,64}$/;

/**
 * The fields of a response's `Vary` that the origin was asked without, whatever the client sent: they are no part of the key, so that
 * the response is the right one for clients that send none of them (RFC 9111 section 4.1). Lower case, each once.
 *
 * @param known - Names that are part of the key, or never count.
 */
export function unkeyedVary(vary: string | null, known: readonly string[]): readonly string[] {
  if (vary === null) return [];
  const found = new Set<string>();
  for (const part of vary.toLowerCase().split(',')) {
    const name = part.trim();
    if (!known.includes(name) && name !== '*' && FIELD_NAME.test(name)) found.add(name);
  }
  return [...found];
}

/** More than any client sends: such an answer is not stored, for to compare them all on each HIT would cost more than a HIT. */
export function isTooManyToCompare(fields: readonly string[]): boolean {
  return fields.length > MAX_FIELDS;
}
