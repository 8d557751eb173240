/** How much a {@link BoundedMap} may hold beside a number of entries. */
export interface ByteBound<Value> {
  readonly maxBytes: number;
  /** Of one value; the same for as long as it is in the map. */
  bytesOf(value: Value): number;
}

/** A map that forgets its oldest entry when it is full: what a sandbox may keep between requests. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #maxEntries: number;
  readonly #bound: ByteBound<Value> | null;
  #bytes = 0;

  constructor(maxEntries: number, bound: ByteBound<Value> | null = null) {
    this.#maxEntries = maxEntries;
    this.#bound = bound;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** The entry becomes the newest. One that is larger than the whole map is not kept, and takes nobody's place. */
  set(key: Key, value: Value): void {
    const known = this.#entries.get(key);
    if (known !== undefined && known === value) {
      // Only its place changes: what it takes is counted already.
      this.#entries.delete(key);
      this.#entries.set(key, value);
      return;
    }
    this.delete(key);
    const bytes = this.#bytesOf(value);
    if (this.#bound !== null && bytes > this.#bound.maxBytes) return;
    while (this.#isFullFor(bytes)) {
      // A Map keeps the order of insertion: the first is the oldest.
      const oldest = this.#entries.keys().next();
      if (oldest.done) break;
      this.delete(oldest.value);
    }
    this.#entries.set(key, value);
    this.#bytes += bytes;
  }

  delete(key: Key): void {
    const known = this.#entries.get(key);
    if (known === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= this.#bytesOf(known);
  }

  #bytesOf(value: Value): number {
    return this.#bound === null ? 0 : this.#bound.bytesOf(value);
  }

  #isFullFor(bytes: number): boolean {
    if (this.#entries.size >= this.#maxEntries) return true;
    return this.#bound !== null && this.#bytes + bytes > this.#bound.maxBytes;
  }
}
