import type { Glob } from '../types/policy.ts';
import { readingsOf } from './name-readings.ts';
import { trimOws } from './trim.ts';

/** Nobody's cookie has a longer name: such a one is taken out unread, because a pattern with several stars would take long over it. */
const MAX_NAME_LENGTH = 1024;

/**
 * The Cookie field without the cookies of these names and patterns, and without those that another reader might take for one of
 * them; null where nothing is left.
 */
export function withoutCookies(
  field: string,
  names: ReadonlySet<string>,
  globs: readonly Glob[] = [],
): string | null {
  const named = readingsOf(names, globs);
  const kept: string[] = [];
  for (const text of field.split(';')) {
    const rest = trimOws(text.includes(',') ? withoutMembers(text, named) : isNamed(text, named) ? '' : text);
    if (rest !== '') kept.push(rest);
  }
  return kept.length === 0 ? null : kept.join('; ');
}

/** Some split at a comma too. It may be part of a value: only where one of the names stands behind it does it end a pair. */
function withoutMembers(text: string, named: RegExp): string {
  const members = text.split(',');
  const left = members.filter((member) => !isNamed(member, named));
  return left.length === members.length ? text : left.join(',');
}

function isNamed(pair: string, named: RegExp): boolean {
  const equals = pair.indexOf('=');
  return equals > 0 && (equals > MAX_NAME_LENGTH || named.test(pair.slice(0, equals)));
}
