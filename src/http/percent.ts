/** Each `%xx` as the character of that code, and nothing refused: what a reader might see who decodes. */
export function decodePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
