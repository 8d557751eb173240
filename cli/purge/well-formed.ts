/** Whether a text has no lone surrogate: one would be encoded as U+FFFD, and two values would share a key. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
