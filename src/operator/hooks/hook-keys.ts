import { isResolved, splitTarget } from '../../http/target.ts';
import { MAX_PURGED_KEYS, PURGEABLE_KEY, surrogateKey, urlKeys } from '../../keys/surrogate-key.ts';
import { normalPath } from '../../paths/normal-path.ts';
import type { ClaimValue } from '../../policy/claims/claim-path.ts';
import { claimValue } from '../../policy/claims/claim-value.ts';
import type { PurgeRule, Template } from '../../policy/purge-hooks/purge-rule.ts';
import { valuesAt } from './values-at.ts';

/** Combinations of values that a rule may have. */
const MAX_TUPLES = 1024;

export interface HookKeys {
  readonly keys: readonly string[];
  /** Numbers of the rules, from 0, of which something cannot be purged: a value that no key can have, or more values than there may be. */
  readonly unusable: readonly number[];
}

/**
 * The surrogate keys that the rules of a hook make of a body. A path that leads nowhere, to null or to an empty text, gives none.
 *
 * @param foldedPaths - Under which other spellings a path is kept.
 */
export function hookKeys(
  rules: readonly PurgeRule[],
  body: unknown,
  foldedPaths: (path: string) => readonly string[],
): HookKeys {
  const keys = new Set<string>();
  const unusable = new Set<number>();
  for (const [i, rule] of rules.entries()) {
    // One more than there may be, so that it is noticed.
    const lists = pathsOf(rule).map((path) => valuesAt(body, path, MAX_TUPLES + 1));
    // A path that leads nowhere gives no combination: then none is looked for.
    if (lists.some(({ length }) => length === 0)) continue;
    let left = MAX_TUPLES;
    for (const values of tuplesOf(lists)) {
      const made = values === null || left === 0 ? null : keysOf(rule, values, foldedPaths);
      for (const key of made ?? []) if (keys.size < MAX_PURGED_KEYS || keys.has(key)) keys.add(key);
      if (made === null || made.some((key) => !keys.has(key))) unusable.add(i);
      // Of several lists in one rule each member meets each: there would be no end.
      if (left === 0) break;
      left -= 1;
    }
  }
  return { keys: [...keys], unusable: [...unusable] };
}

function pathsOf(rule: PurgeRule): readonly (readonly string[])[] {
  if (rule.kind === 'scope') return rule.paths;
  return rule.template.filter((piece) => typeof piece !== 'string');
}

/** Each combination of values, one of each list; null stands for one with a value that cannot be used. */
function* tuplesOf(lists: readonly (readonly unknown[])[]): Iterable<readonly ClaimValue[] | null> {
  const [list, ...rest] = lists;
  if (list === undefined) return yield [];
  for (const found of list) {
    const value = claimValue(found);
    for (const others of tuplesOf(rest)) yield value === null || others === null ? null : [value, ...others];
  }
}

function keysOf(
  rule: PurgeRule,
  values: readonly ClaimValue[],
  foldedPaths: (path: string) => readonly string[],
): readonly string[] | null {
  if (rule.kind === 'scope') return spellings(values).map((tuple) => surrogateKey(rule.scope, tuple));
  if (rule.kind === 'key') {
    const key = filled(rule.template, values, String);
    return PURGEABLE_KEY.test(key) ? [key] : null;
  }
  const place =
    rule.host === null
      ? placeOf(String(values[0]))
      : { host: rule.host, path: filled(rule.template, values, encoded) };
  if (place === null || !place.path.startsWith('/') || isResolved(place.path)) return null;
  const path = normalPath(place.path);
  return urlKeys(place.host, [path, ...foldedPaths(path)]);
}

/**
 * One value has one key, whatever its type. Several are hashed with their types, and a body may have a text where the claim is a
 * number: each of both is meant.
 */
function spellings(values: readonly ClaimValue[]): readonly (readonly ClaimValue[])[] {
  if (values.length === 1) return [values];
  let tuples: readonly (readonly ClaimValue[])[] = [[]];
  for (const value of values)
    tuples = tuples.flatMap((tuple) => typesOf(value).map((typed) => [...tuple, typed]));
  return tuples;
}

function typesOf(value: ClaimValue): readonly ClaimValue[] {
  const text = String(value);
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text ? [text, number] : [text];
}

function filled(
  template: Template,
  values: readonly ClaimValue[],
  written: (value: ClaimValue) => string,
): string {
  let next = 0;
  return template
    .map((piece) => (typeof piece === 'string' ? piece : written(values[next++] ?? '')))
    .join('');
}

/** A slug may have slashes; what else it has belongs to the path, a `?` too. */
function encoded(value: ClaimValue): string {
  return String(value).split('/').map(encodeURIComponent).join('/');
}

function placeOf(url: string): { readonly host: string; readonly path: string } | null {
  try {
    const { protocol, host } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' ? { host, path: splitTarget(url).path } : null;
  } catch {
    return null;
  }
}
