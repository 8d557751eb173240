/** A byte that is no UTF-8, as a character of private use: whoever sends that one is read more carefully than need be. */
const BAD_BYTES = 0xf700;

/**
 * Each `%xx` once, as UTF-8, and each `%uxxxx`, which IIS reads. Bytes that are no UTF-8 become U+F780 to U+F7FF: what they mean
 * is for the reader to guess.
 */
export function decodeOnce(text: string): string {
  if (!/%u[0-9a-f]{4}/i.test(text)) {
    try {
      // All of it at once: the function below is called for each run of escapes.
      return decodeURIComponent(text);
    } catch {
      // Bytes that are no UTF-8, or a percent sign that stands for itself.
    }
  }
  if (text !== last.text) last = { text, decoded: byRuns(text) };
  return last.decoded;
}

/** What took time: a path is asked for its readings more than once. */
let last = { text: '', decoded: '' };

/** Runs that are equal are decoded once. */
function byRuns(text: string): string {
  const known = new Map<string, string>();
  return text.replace(/%u[0-9a-f]{4}|(?:%[0-9a-f]{2})+/gi, (run) => {
    const decoded = known.get(run) ?? decodeRun(run);
    known.set(run, decoded);
    return decoded;
  });
}

function decodeRun(run: string): string {
  if (run[1] === 'u' || run[1] === 'U') return String.fromCharCode(Number.parseInt(run.slice(2), 16));
  try {
    return decodeURIComponent(run);
  } catch {
    return decodeLenient(run);
  }
}

/** Character by character: of a run some may be UTF-8. Without exceptions, of which a hostile run would throw a thousand. */
function decodeLenient(run: string): string {
  const bytes = run
    .slice(1)
    .split('%')
    .map((hex) => Number.parseInt(hex, 16));
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const length =
      first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    let code = length < 2 ? first : first & (0x7f >> length);
    let isWhole = length > 0;
    for (let j = 1; j < length && isWhole; j++) {
      const next = bytes[i + j] ?? 0;
      isWhole = (next & 0xc0) === 0x80;
      code = (code << 6) | (next & 0x3f);
    }
    const isOverlong = (length === 3 && code < 0x800) || (length === 4 && code < 0x1_0000);
    isWhole &&= !isOverlong && code <= 0x10_ffff && (code & 0x1f_f800) !== 0xd800;
    text += isWhole ? String.fromCodePoint(code) : String.fromCharCode(BAD_BYTES + first);
    i += isWhole ? length : 1;
  }
  return text;
}
