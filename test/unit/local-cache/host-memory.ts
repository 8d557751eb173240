export const OK = 0;
export const BUFFER_TOO_SMALL = 4;
export const NONE = 10;

export type HostMemory = ReturnType<typeof hostMemory>;

/** Reads and writes the memory of the service as a host does. What writes answers OK, the status of a host call. */
export function hostMemory(memory: WebAssembly.Memory) {
  const view = () => new DataView(memory.buffer);
  const bytes = (at: number, length: number) => Buffer.from(memory.buffer, at, length);
  return {
    view,
    bytes,
    text: (at: number, length: number) => bytes(at, length).toString('latin1'),
    u16(at: number, value: number) {
      view().setUint16(at, value, true);
      return OK;
    },
    u32(at: number, value: number) {
      view().setUint32(at, value, true);
      return OK;
    },
    u64(at: number, value: bigint) {
      view().setBigUint64(at, value, true);
      return OK;
    },
    /** Bytes, and how many, where they fit. */
    put(value: Buffer, at: number, room: number, writtenAt: number) {
      view().setUint32(writtenAt, value.length, true);
      if (value.length > room) return BUFFER_TOO_SMALL;
      bytes(at, value.length).set(value);
      return OK;
    },
  };
}
