/** A map that forgets its oldest entry when it is full: what a sandbox may keep between requests. */
export class BoundedMemory<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    // A Map keeps the order of insertion: the first is the oldest.
    const oldest = this.#entries.size >= this.#maxEntries ? this.#entries.keys().next() : undefined;
    if (oldest !== undefined && !oldest.done) this.#entries.delete(oldest.value);
    this.#entries.set(key, value);
  }
}
