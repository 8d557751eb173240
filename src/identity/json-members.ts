/** Written so that a long string is not kept track of character by character. */
const STRINGS = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g;

/**
 * Whether an object of a valid JSON text names a member twice. RFC 7519 section 4 lets a parser take the last one,
 * another takes the first: then `{"sub":"alice","sub":"bob"}` is one person here and another at the origin.
 *
 * Outside of strings a colon stands for one member, so a text with more colons than members has duplicates.
 */
export function hasDuplicateMembers(text: string, parsed: unknown): boolean {
  // As nearly every token is written: each member once, or it were another text.
  if (JSON.stringify(parsed) === text) return false;
  return text.replace(STRINGS, '').split(':').length - 1 !== countMembers(parsed);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  const members = Object.values(value);
  for (let i = 0; i < members.length; i++) count += countMembers(members[i]);
  return count;
}
