/** Header fields, as the rooms read and write them. */

/** Header fields, to be read: names in lower case. `Headers` is one. */
export interface ReadonlyFields extends Iterable<[string, string]> {
  /** Several values joined by `, `; null where the field is not there. */
  get(name: string): string | null;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

export interface Fields extends ReadonlyFields {
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  delete(name: string): void;
}
