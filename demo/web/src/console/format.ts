/** Hours, minutes and seconds where the reader is. */
export function clock(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString('en-GB');
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** One digit behind the point, for what is small. */
export function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : number(value);
}

/** Whole milliseconds: what is shorter than one is no matter here. */
export function milliseconds(value: number): string {
  return `${number(value)} ms`;
}

/** A ratio from 0 to 1; null where there is nothing to divide by. */
export function percent(ratio: number | null): string {
  if (ratio === null) return '–';
  const value = ratio * 100;
  return `${value === 100 ? '100' : value.toFixed(1)} %`;
}

/** Enough of a fingerprint to tell people apart, and nothing of who they are: it is a keyed digest. */
export function masked(fingerprint: string): string {
  return `${fingerprint.slice(0, 6)}…`;
}
