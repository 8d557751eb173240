/** Up to here an array's bytes stand in the object itself, and move with it; with room to spare. */
const INLINE_BYTES = 256;

/**
 * These bytes, and others behind them, where they stay, for the host's cryptography. It (js-compute 3.46) takes the address of the bytes
 * that it is given, and then allocates: where that collects garbage, the bytes of a small array have moved, and it computes with
 * whatever stands there. It refuses one good token in some ten thousand so.
 */
export function stillBytes(first: Uint8Array, second?: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = first.length + (second?.length ?? 0);
  const bytes = new Uint8Array(new ArrayBuffer(Math.max(length, INLINE_BYTES)), 0, length);
  bytes.set(first);
  if (second !== undefined) bytes.set(second, first.length);
  return bytes;
}
