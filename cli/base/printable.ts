/** Text from outside, fit for a terminal: nothing in it moves the cursor, changes a colour or turns the direction of writing. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
