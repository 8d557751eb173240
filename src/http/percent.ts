/**
 * Each `%xx` as the character of that code, and nothing refused: what a reader might see who decodes. By the function that browsers have for
 * it: one of ours would be called for each escape, of which a hostile text has a thousand.
 */
export function decodePercent(text: string): string {
  // `unescape` decodes `%uxxxx` too.
  return text.includes('%u') ? text.split('%u').map(unescape).join('%u') : unescape(text);
}
