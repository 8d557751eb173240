/** Reads a WebAssembly binary from front to back. */
export interface WasmReader {
  readonly bytes: Uint8Array;
  at: number;
}

export function readByte(reader: WasmReader): number {
  const byte = reader.bytes[reader.at++];
  if (byte === undefined) throw new Error('the WebAssembly ends too early');
  return byte;
}

/** Unsigned LEB128, up to 32 bits. */
export function readUnsigned(reader: WasmReader): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = readByte(reader);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
}

/** Any LEB128, signed ones too, whose value does not matter. */
export function skipLeb(reader: WasmReader): void {
  while (readByte(reader) >= 0x80);
}

export function readName(reader: WasmReader): string {
  const length = readUnsigned(reader);
  reader.at += length;
  return Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset + reader.at - length, length).toString();
}

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a number that is not negative. */
export function signed(value: number): number[] {
  const bytes = unsigned(value);
  const last = bytes.at(-1) ?? 0;
  // Bit 6 of the last byte is the sign.
  return last < 0x40 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0];
}
