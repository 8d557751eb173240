import { InvalidArgumentError } from 'commander';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `900`, `15m`, `2h`, `7d`, `-60` as seconds. @throws {InvalidArgumentError} */
export function durationSeconds(text: string): number {
  const [, sign = '', digits = '', unit = 's'] = /^(-?)(\d{1,9})([smhd]?)$/.exec(text) ?? [];
  if (digits === '') throw new InvalidArgumentError('Seconds, or 15m, 2h, 7d; negative: in the past.');
  return Number(`${sign}${digits}`) * SECONDS[(unit || 's') as keyof typeof SECONDS];
}
