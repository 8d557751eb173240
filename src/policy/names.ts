import { didYouMean } from './did-you-mean.ts';
import type { Report } from './policy-error.ts';

const NAME = /^[a-z][a-z0-9_-]{0,31}$/;

/** The names of entries stand in keys, in the log and in purges. */
export function nameProblems(section: string, entries: object | undefined, report: Report): void {
  for (const name of Object.keys(entries ?? {})) {
    if (NAME.test(name)) continue;
    const fix = 'A name is a lower case letter, then letters, digits, _ or -; 32 at most.';
    report('POLICY_NAME', `${section}.${name}`, name, fix);
  }
}

/** What to write instead of a name that no entry has. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  if (known.length === 0) return `The policy has no ${kind}s.`;
  return `No ${kind} has this name.${didYouMean(name, known)} Known ${kind}s: ${known.join(', ')}.`;
}
