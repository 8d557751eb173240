/** Header fields, as the folders of `src` read and write them. */

/**
 * Header fields that are asked for by name, in lower case, and never listed. `Headers` are that, and so are those of a response
 * on its way into Fastly's HTTP cache, which must not be listed: the runtime loses what is changed afterwards.
 */
export interface NamedFields {
  /** Several values joined by `, `; null where the field is not there. */
  get(name: string): string | null;
  has(name: string): boolean;
  /** Each `Set-Cookie` by itself. */
  getSetCookie(): string[];
}

/** Named fields that can be changed. */
export interface EditableFields extends NamedFields {
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  delete(name: string): void;
}

/** Header fields, to be read: names in lower case. `Headers` is one. */
export interface ReadonlyFields extends NamedFields, Iterable<[string, string]> {
  keys(): Iterable<string>;
}

export interface Fields extends ReadonlyFields, EditableFields {}
