/** Hours, minutes and seconds where the reader is. */
export function clock(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString('en-GB');
}
