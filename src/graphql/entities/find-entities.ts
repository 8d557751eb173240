import { entityKey } from '../../keys/surrogate-key.ts';
import type { GraphqlRule } from '../../policy/graphql-rule.ts';
import { type AnswerPlan, idFields } from './answer-plan.ts';
import type { SetType } from './learned-types.ts';

/** What is in an answer. */
export interface FoundEntities {
  /** Names of types; null: they are too many. */
  readonly types: readonly string[] | null;
  /** Surrogate keys of the entities that are named, those near the root first; as many as the policy allows. */
  readonly keys: readonly string[];
  /** Types of the policy that may be there beside these: without an id that can be read, or too many. */
  readonly unnamed: readonly string[];
  /** Selection sets whose objects of these types were not asked for their id, a few at most. */
  readonly withoutId: readonly SetType[];
  /** How many members the edge had added. They are taken out of the value. */
  readonly added: number;
}

const MAX_TYPES = 200;
const MAX_WITHOUT_ID = 32;
/** Of all keys of one answer together: the platform takes 16 KiB, and there are others. */
const MAX_KEY_BYTES = 8192;
/** A longer id is no name that anybody purges by, and long to hash. */
const MAX_ID_LENGTH = 1024;
const TYPE_NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

/**
 * Walks through the objects of an answer, where its document has some and nowhere else: a scalar may look like an object of a type.
 *
 * @param data - Members that the edge has added are taken out of it.
 */
export function findEntities(
  data: unknown,
  { shape, sets, mark, isPlain }: AnswerPlan,
  rule: Pick<GraphqlRule, 'entities' | 'limits'>,
): FoundEntities {
  const names = idFields(rule);
  const types = new Set<string>();
  const keys = new Map<string, string>();
  const unnamed = new Set<string>();
  const withoutId = new Map<string, SetType>();
  let added = 0;
  let bytes = 0;

  function note(object: Record<string, unknown>, place: number, isRoot: boolean): void {
    let type = isPlain && Object.hasOwn(object, '__typename') ? object.__typename : undefined;
    const ids = new Map<string, unknown>();
    if (isPlain) for (const name of names) if (Object.hasOwn(object, name)) ids.set(name, object[name]);
    for (const member of Object.keys(object)) {
      if (!member.startsWith(mark)) continue;
      const number = /^i(\d+)_/.exec(member.slice(mark.length))?.[1];
      if (number === undefined) type = object[member];
      else ids.set(names[Number(number)] ?? '', object[member]);
      added += 1;
      delete object[member];
    }
    if (isRoot) return;
    if (typeof type !== 'string' || !TYPE_NAME.test(type)) {
      // It may be of any of them.
      for (const name of rule.entities.keys()) unnamed.add(name);
      return;
    }
    if (types.size <= MAX_TYPES) types.add(type);
    const field = rule.entities.get(type);
    if (field === undefined) return;
    keep(type, idOf(ids.get(field)));
    const set = sets[place] ?? null;
    if (set !== null && !ids.has(field) && withoutId.size < MAX_WITHOUT_ID)
      withoutId.set(`${set},${type}`, [set, type]);
  }

  function keep(type: string, id: string | null): void {
    const key = id === null ? null : entityKey(type, id);
    if (key === null || (!keys.has(key) && (keys.size >= rule.limits.entities || bytes > MAX_KEY_BYTES)))
      unnamed.add(type);
    else if (!keys.has(key)) {
      keys.set(key, type);
      bytes += key.length + 1;
    }
  }

  // Two lists, so that nothing is made for an object that is looked at.
  const values: unknown[] = [data];
  const places: number[] = [0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    const place = places[at] ?? 0;
    if (Array.isArray(value)) {
      for (const item of value) {
        if (typeof item !== 'object' || item === null) continue;
        values.push(item);
        places.push(place);
      }
    } else if (typeof value === 'object' && value !== null) {
      const object = value as Record<string, unknown>;
      note(object, place, at === 0);
      for (const [member, inner] of shape[place] ?? []) {
        if (!Object.hasOwn(object, member)) continue;
        values.push(object[member]);
        places.push(inner);
      }
    }
  }
  return {
    types: types.size > MAX_TYPES ? null : [...types],
    keys: [...keys.keys()],
    unnamed: [...unnamed],
    withoutId: [...withoutId.values()],
    added,
  };
}

function idOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === 'string' && value.length <= MAX_ID_LENGTH ? value : null;
}

/**
 * The text of an answer without the members that the edge has added; what else stands there is not touched, long numbers for one.
 *
 * @param value - The same without them, in which `added` have been found.
 */
export function withoutAdded(text: string, value: unknown, mark: string, added: number): string {
  const member = `"${mark}(?:t|i\\d+_\\d+(?:_\\d+)?)"\\s*:\\s*`;
  // Somewhere else there is a member of such a name: in a scalar that holds an object.
  if ([...text.matchAll(new RegExp(member, 'g'))].length !== added) return JSON.stringify(value);
  const scalar = '(?:"[^"\\\\]*(?:\\\\[\\s\\S][^"\\\\]*)*"|[^\\s",:{}[\\]]+)';
  const run = new RegExp(`(,\\s*)?(?:${member}${scalar}\\s*(,\\s*)?)+`, 'g');
  return text.replace(run, (_, before = '', behind = '') => (before && behind ? behind : ''));
}
