/**
 * Plain data with what is equal in it written once: routes have most of their settings in common, and each object costs every request
 * time. Only for data that nobody changes. Objects, arrays, Maps and Sets are shared, but not what Sets and the keys of Maps have of them; others stay
 * as they are.
 *
 * @example
 * const { a, b } = shareEqual({ a: { ttl: 60 }, b: { ttl: 60 } });
 * a === b; // true
 */
export function shareEqual<Value>(value: Value): Value {
  /** By what they consist of, and the number that each has. */
  const first = new Map<string, object>();
  const numbers = new Map<object, number>();
  const shared = new Map<object, object>();
  return shareAny(value) as Value;

  function shareAny(any: unknown): unknown {
    if (!isObject(any)) return any;
    const known = shared.get(any);
    if (known !== undefined) return known;
    const made = share(any);
    shared.set(any, made);
    return made;
  }

  function share(of: object): object {
    if (Array.isArray(of)) return firstLike('array', of.map(shareAny));
    // Two objects that are equal are two members of a Set, and two keys of a Map.
    if (of instanceof Set) return [...of].some(isObject) ? numbered(of) : firstLike('set', of);
    if (of instanceof Map) {
      if ([...of.keys()].some(isObject)) return numbered(of);
      return firstLike('map', new Map([...of].map(([key, item]) => [key, shareAny(item)])));
    }
    if (Object.getPrototypeOf(of) !== Object.prototype) return numbered(of);
    return firstLike(
      'object',
      Object.fromEntries(Object.entries(of).map(([name, item]) => [name, shareAny(item)])),
    );
  }

  function firstLike(kind: string, made: object): object {
    const members =
      made instanceof Map
        ? [...made].flat()
        : made instanceof Set || Array.isArray(made)
          ? [...made]
          : Object.entries(made).flat();
    const text = JSON.stringify([kind, ...members.map(nameOf)]);
    const before = first.get(text);
    if (before !== undefined) return before;
    first.set(text, made);
    return numbered(made);
  }

  function numbered(object: object): object {
    if (!numbers.has(object)) numbers.set(object, numbers.size);
    return object;
  }

  /** Different for all that is not the same. */
  function nameOf(member: unknown): string {
    if (isObject(member)) return `#${numbers.get(member)}`;
    return `${typeof member} ${Object.is(member, -0) ? '-0' : String(member)}`;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
