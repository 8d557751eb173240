import { MOST_SECONDS } from '../source-tree.ts';
import type { Test } from './conditions.ts';
import type { VclFacts } from './facts.ts';
import { globsOf } from './globs-of.ts';

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

export function readLifetime(
  [, setting = '', amount = '', unit = '']: RegExpExecArray,
  tests: readonly Test[],
  line: number,
  facts: VclFacts,
): boolean {
  const seconds = Math.min(MOST_SECONDS, Math.floor(Number(amount) * (SECONDS[unit.toLowerCase()] ?? 1)));
  if (!Number.isFinite(seconds)) return false;
  if (setting === 'grace' || setting === 'stale_while_revalidate') {
    facts.staleSeconds ??= seconds;
    facts.notes.push({
      kind: tests.length === 0 ? 'done' : 'changed',
      line,
      text: `${setting} ${seconds} s: staleWhileRevalidateSeconds of all that is public.`,
    });
    return true;
  }
  if (setting === 'stale_if_error') {
    facts.staleIfErrorSeconds ??= seconds;
    facts.notes.push({
      kind: 'done',
      line,
      text: `stale_if_error ${seconds} s: staleIfErrorSeconds of all that is public.`,
    });
    return true;
  }
  if (setting === 'keep') return false;
  const status = tests.find((test) => test.kind === 'status' && !test.isNegated && test.status !== null);
  if (status?.kind === 'status' && status.status !== null && status.status >= 400) {
    if (seconds > 0 && status.status <= 599) facts.negative[status.status] = seconds;
    facts.notes.push({ kind: 'done', line, text: `${status.status}: ${seconds} s (negativeTtlSeconds).` });
    return true;
  }
  const globs = globsOf(tests.filter(({ kind }) => !['fresh', 'status', 'set-cookie'].includes(kind)));
  if (globs === null) return false;
  const isDefault = tests.some(({ kind }) => kind === 'fresh');
  facts.lifetimes.push(...globs.map((glob) => ({ glob, line, seconds, isDefault })));
  return true;
}
