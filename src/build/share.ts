/**
 * The same data with one object for all that are equal: of a thousand routes most have the same freshness, the same empty
 * lists. Objects, arrays, Maps and Sets; whatever else there is stays as it is, and so does a Set of objects, whose members would
 * become one. What points to itself is no policy.
 */
export function share<T>(value: T): T {
  /** From what an object holds, by the numbers of its members, to the one that stands for it. */
  const known = new Map<string, unknown>();
  const numbers = new Map<unknown, number>();
  const seen = new Map<unknown, unknown>();
  const numberOf = (member: unknown): number => {
    const number = numbers.get(member) ?? numbers.size;
    numbers.set(member, number);
    return number;
  };
  const once = (kind: string, members: readonly unknown[], make: () => unknown): unknown => {
    const id = `${kind} ${members.map(numberOf).join(' ')}`;
    if (!known.has(id)) known.set(id, make());
    return known.get(id);
  };
  const walk = (item: unknown): unknown => {
    if (!isObject(item)) return item;
    if (!seen.has(item)) seen.set(item, walked(item));
    return seen.get(item);
  };
  const walked = (item: object): unknown => {
    if (Array.isArray(item)) {
      const members = item.map(walk);
      return once('array', members, () => members);
    }
    if (item instanceof Set) {
      const members = [...item];
      if (members.some(isObject)) return item;
      return once('set', members, () => new Set(members));
    }
    if (item instanceof Map) {
      if ([...item.keys()].some(isObject)) return item;
      const members = [...item].map(([key, member]): [unknown, unknown] => [key, walk(member)]);
      return once('map', members.flat(), () => new Map(members));
    }
    if (Object.getPrototypeOf(item) !== Object.prototype) return item;
    const members = Object.entries(item).map(([key, member]): [string, unknown] => [key, walk(member)]);
    return once('object', members.flat(), () => Object.fromEntries(members));
  };
  return walk(value) as T;
}

function isObject(item: unknown): item is object {
  return typeof item === 'object' && item !== null;
}
