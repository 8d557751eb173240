import type { Glob } from './name-pattern.ts';
import { readingsOf } from './name-readings.ts';
import { trimOws } from './trim.ts';

/** Nobody's cookie has a longer name. A pattern with several stars would take long over it: such a one is taken out unread. */
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
  const maxLength = globs.some((glob) => glob.length > 2) ? MAX_NAME_LENGTH : Number.POSITIVE_INFINITY;
  const isNamed = (pair: string) => {
    const equals = pair.indexOf('=');
    return equals > 0 && (equals > maxLength || named.test(pair.slice(0, equals)));
  };
  const kept: string[] = [];
  for (const text of field.split(';')) {
    const rest = trimOws(text.includes(',') ? withoutMembers(text, isNamed) : isNamed(text) ? '' : text);
    if (rest !== '') kept.push(rest);
  }
  return kept.length === 0 ? null : kept.join('; ');
}

/** Some split at a comma too. It may be part of a value: only where one of the names stands behind it does it end a pair. */
function withoutMembers(text: string, isNamed: (pair: string) => boolean): string {
  const members = text.split(',');
  const left = members.filter((member) => !isNamed(member));
  return left.length === members.length ? text : left.join(',');
}
