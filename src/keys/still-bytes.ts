/** Up to here an array's bytes stand in the object itself, and move with it; with room to spare. */
const INLINE_BYTES = 256;

/**
 * Zeros that stay where they are, for the host's cryptography. It (js-compute 3.46) takes the address of the bytes that it is given,
 * and then allocates: where that collects garbage, the bytes of a small array have moved, and it computes with whatever stands
 * there. It refuses one good token in some ten thousand so.
 */
export function stillBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(Math.max(length, INLINE_BYTES)), 0, length);
}
