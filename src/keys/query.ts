import { includesName } from '../http/name-pattern.ts';
import type { Policy } from '../policy/policy.ts';
import type { QueryRule } from '../policy/routes/query-rule.ts';

/**
 * `verbatim`: as it came. Else the part of a query that counts, in its one spelling: parameters sorted by name, those of one name in their
 * order, the others gone. It is what the key holds and what the origin gets.
 *
 * Only `&` separates. A `;` is part of a value: a cache and an origin that disagree on it can be poisoned.
 */
export function canonicalQuery(query: string, rule: QueryRule, ignore: Policy['ignoreQuery']): string {
  if (query === '' || rule.kind === 'none') return '';
  if (rule.kind === 'verbatim') return query;
  const kept: { name: string; text: string }[] = [];
  for (const text of query.split('&')) {
    if (text === '') continue;
    const equals = text.indexOf('=');
    const name = decodeName(equals < 0 ? text : text.slice(0, equals));
    if (rule.kind === 'only' ? includesName(rule, name) : !includesName(ignore, name))
      kept.push({ name, text });
  }
  // Array.prototype.sort is stable: duplicates keep their order.
  kept.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return kept.map(({ text }) => text).join('&');
}

/** As an origin would read the name; a broken escape stays as it is. */
function decodeName(raw: string): string {
  if (!raw.includes('%') && !raw.includes('+')) return raw;
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return raw;
  }
}
