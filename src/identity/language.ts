/** More preferences than any browser sends; the rest is noise made to cost time. */
const MAX_PREFERENCES = 32;

/** The longest that RFC 5646 section 4.4.1 asks everybody to take. */
const MAX_TAG_LENGTH = 35;

/**
 * The first of the offered languages that an `Accept-Language` field prefers (RFC 9110 section 12.5.4): an exact tag, or
 * its prefix up to a hyphen (`de` for `de-AT`; RFC 4647 section 3.4, lookup).
 *
 * @returns null where none is wanted.
 */
export function pickLanguage(field: string, offered: readonly string[]): string | null {
  const preferences = field
    .split(',', MAX_PREFERENCES)
    .map(preference)
    .filter(({ tag, weight }) => weight > 0 && tag.length <= MAX_TAG_LENGTH)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of preferences) {
    for (let range = tag; range !== ''; range = range.slice(0, Math.max(range.lastIndexOf('-'), 0))) {
      const found = offered.find((one) => one.toLowerCase() === range);
      if (found !== undefined) return found;
    }
  }
  return null;
}

function preference(text: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { tag, weight: weight <= 1 ? weight : 0 };
}
