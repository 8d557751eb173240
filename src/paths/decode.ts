/** A byte that is no UTF-8, as a character that no text has (a lone surrogate). */
const BAD_BYTES = 0xdc00;

/**
 * Each `%xx` once, as UTF-8, and each `%uxxxx`, which IIS reads. Bytes that are no UTF-8 become U+DC80 to U+DCFF: what they mean
 * is for the reader to guess.
 */
export function decodeOnce(text: string): string {
  return text.replace(/%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi, (run, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    try {
      return decodeURIComponent(run);
    } catch {
      return decodeLenient(run);
    }
  });
}

/** Character by character: of a run some may be UTF-8. */
function decodeLenient(run: string): string {
  let text = '';
  for (let i = 0; i < run.length; ) {
    const byte = Number.parseInt(run.slice(i + 1, i + 3), 16);
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    try {
      text += decodeURIComponent(run.slice(i, i + 3 * length));
      i += 3 * length;
    } catch {
      text += String.fromCharCode(BAD_BYTES + byte);
      i += 3;
    }
  }
  return text;
}
