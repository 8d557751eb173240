import type { Fields } from './fields.ts';

/** Fields as they are kept in a store: a name and a value at each place. */
export interface FieldLists {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/**
 * Header fields as plain data: what `Headers` does, for a part of its cost in this runtime, where each call goes to the host. Names
 * have to be given in lower case; values come from `Headers`, or are ours. There is no JIT here either: loops count, iterators cost
 * six times as much.
 */
export class HeaderFields implements Fields {
  private names: string[];
  private values: string[];

  constructor(fields: Iterable<readonly [string, string]> | HeaderFields = []) {
    if (fields instanceof HeaderFields) {
      this.names = fields.names.slice();
      this.values = fields.values.slice();
      return;
    }
    this.names = [];
    this.values = [];
    if (fields instanceof Headers) {
      fields.forEach((value, name) => {
        this.append(name, value);
      });
      return;
    }
    const pairs = Array.isArray(fields) ? fields : [...fields];
    for (let i = 0; i < pairs.length; i++) this.append(pairs[i][0], pairs[i][1]);
  }

  /** What {@link lists} has given. */
  static of({ names, values }: FieldLists): HeaderFields {
    const fields = new HeaderFields();
    fields.names = names.slice();
    fields.values = values.slice();
    return fields;
  }

  get(name: string): string | null {
    const at = this.names.indexOf(name);
    if (at < 0) return null;
    if (name !== 'set-cookie') return this.values[at] ?? null;
    return this.values.filter((_, i) => this.names[i] === name).join(', ');
  }

  has(name: string): boolean {
    return this.names.includes(name);
  }

  getSetCookie(): string[] {
    return this.values.filter((_, i) => this.names[i] === 'set-cookie');
  }

  set(name: string, value: string): void {
    const at = this.names.indexOf(name);
    if (at >= 0 && name !== 'set-cookie') {
      this.values[at] = value;
      return;
    }
    this.delete(name);
    this.names.push(name);
    this.values.push(value);
  }

  setAll(fields: readonly (readonly [name: string, value: string])[]): void {
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as (typeof fields)[number];
      this.set(field[0], field[1]);
    }
  }

  append(name: string, value: string): void {
    // The one field whose values must not be joined (RFC 9110 section 5.3).
    const at = name === 'set-cookie' ? -1 : this.names.indexOf(name);
    if (at >= 0) {
      // A cookie's value may hold a comma: several fields are one list by semicolons (RFC 9113 section 8.2.3).
      this.values[at] = `${this.values[at]}${name === 'cookie' ? '; ' : ', '}${value}`;
      return;
    }
    this.names.push(name);
    this.values.push(value);
  }

  delete(name: string): void {
    for (let at = this.names.indexOf(name); at >= 0; at = this.names.indexOf(name)) {
      this.names.splice(at, 1);
      this.values.splice(at, 1);
    }
  }

  /** Takes away every field whose name it says yes to. */
  deleteWhere(isUnwanted: (name: string) => boolean): void {
    for (let i = this.names.length - 1; i >= 0; i--) {
      if (!isUnwanted(this.names[i] as string)) continue;
      this.names.splice(i, 1);
      this.values.splice(i, 1);
    }
  }

  /** A copy: fields may be deleted on the way. */
  keys(): string[] {
    return [...new Set(this.names)];
  }

  /** A copy, for a store. */
  lists(): FieldLists {
    return { names: this.names.slice(), values: this.values.slice() };
  }

  /** In the order of their first appearance, each `Set-Cookie` by itself. */
  pairs(): [string, string][] {
    const pairs: [string, string][] = [];
    for (let i = 0; i < this.names.length; i++)
      pairs.push([this.names[i] as string, this.values[i] as string]);
    return pairs;
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.pairs()[Symbol.iterator]();
  }
}
