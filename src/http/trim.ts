/**
 * Without optional white space (RFC 9110 section 5.6.3) at both ends: space and tab, nothing else. `String.trim` would
 * take U+00A0 away too, and give a token a second spelling; a regular expression would take quadratic time on spaces.
 */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isOws(text.charCodeAt(start))) start++;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
