/**
 * The same data with one object for all that are equal: of a thousand routes most have the same freshness, the same empty
 * lists. Objects, arrays, Maps and Sets; whatever else there is stays as it is, and so does a Set of objects, whose members would
 * become one. What points to itself is no policy.
 *
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function share(value) {
  /** From what an object holds, by the numbers of its members, to the one that stands for it. */
  const known = new Map();
  const numbers = new Map();
  const seen = new Map();
  const numberOf = (member) => {
    if (!numbers.has(member)) numbers.set(member, numbers.size);
    return numbers.get(member);
  };
  const once = (kind, members, make) => {
    const id = `${kind} ${members.map(numberOf).join(' ')}`;
    if (!known.has(id)) known.set(id, make());
    return known.get(id);
  };
  const walk = (item) => {
    if (!isObject(item)) return item;
    if (!seen.has(item)) seen.set(item, walked(item));
    return seen.get(item);
  };
  const walked = (item) => {
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
      const members = [...item].map(([key, member]) => [key, walk(member)]);
      return once('map', members.flat(), () => new Map(members));
    }
    if (Object.getPrototypeOf(item) !== Object.prototype) return item;
    const members = Object.entries(item).map(([key, member]) => [key, walk(member)]);
    return once('object', members.flat(), () => Object.fromEntries(members));
  };
  return walk(value);
}

function isObject(item) {
  return typeof item === 'object' && item !== null;
}
