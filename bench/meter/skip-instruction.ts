import { readByte, readUnsigned, skipLeb, type WasmReader } from './wasm-reader.ts';

/** Opcodes whose end is the end of a straight line: what follows may run without them, or not run with them. */
export const OPCODE = {
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  branchTable: 0x0e,
  return: 0x0f,
  unreachable: 0x00,
  call: 0x10,
} as const;

/**
 * They give code its shape, and a machine nothing to do. The interpreter of JavaScript is one loop of hundreds of nested blocks, all of
 * which stand before each of its steps: counted, they would drown the rest.
 */
export const SHAPE: ReadonlySet<number> = new Set([
  OPCODE.nop,
  OPCODE.block,
  OPCODE.loop,
  OPCODE.else,
  OPCODE.end,
]);

/**
 * Reads one instruction, and returns its opcode. WebAssembly 2.0; what js-compute-runtime does not emit is refused.
 *
 * Source: https://webassembly.github.io/spec/core/binary/instructions.html
 */
export function skipInstruction(reader: WasmReader): number {
  const opcode = readByte(reader);
  if (opcode >= 0x45 && opcode <= 0xc4) return opcode;
  if (opcode >= 0x28 && opcode <= 0x3e) {
    skipMemoryArgument(reader);
    return opcode;
  }
  switch (opcode) {
    case 0x00:
    case 0x01:
    case 0x05:
    case 0x0b:
    case 0x0f:
    case 0x1a:
    case 0x1b:
    case 0xd1:
      return opcode;
    // A block type, an index, a constant, a heap type.
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x0c:
    case 0x0d:
    case 0x10:
    case 0x12:
    case 0x20:
    case 0x21:
    case 0x22:
    case 0x23:
    case 0x24:
    case 0x25:
    case 0x26:
    case 0x3f:
    case 0x40:
    case 0x41:
    case 0x42:
    case 0xd0:
    case 0xd2:
      skipLeb(reader);
      return opcode;
    case 0x11:
    case 0x13:
      skipLeb(reader);
      skipLeb(reader);
      return opcode;
    case 0x0e:
      for (let left = readUnsigned(reader) + 1; left > 0; left--) skipLeb(reader);
      return opcode;
    case 0x1c:
      for (let left = readUnsigned(reader); left > 0; left--) skipLeb(reader);
      return opcode;
    case 0x43:
      reader.at += 4;
      return opcode;
    case 0x44:
      reader.at += 8;
      return opcode;
    case 0xfc:
      skipBulk(reader);
      return opcode;
    case 0xfd:
      skipVector(reader);
      return opcode;
    default:
      throw new Error(`unknown WebAssembly opcode 0x${opcode.toString(16)} at byte ${reader.at - 1}`);
  }
}

function skipMemoryArgument(reader: WasmReader): void {
  // Bit 6 of the alignment says that the index of a memory follows.
  if ((readUnsigned(reader) & 0x40) !== 0) skipLeb(reader);
  skipLeb(reader);
}

/** Saturating conversions; bulk memory and tables. */
function skipBulk(reader: WasmReader): void {
  const sub = readUnsigned(reader);
  if (sub > 17) throw new Error(`unknown WebAssembly opcode 0xfc ${sub} at byte ${reader.at}`);
  const immediates = sub < 8 ? 0 : [8, 10, 12, 14].includes(sub) ? 2 : 1;
  for (let left = immediates; left > 0; left--) skipLeb(reader);
}

function skipVector(reader: WasmReader): void {
  const sub = readUnsigned(reader);
  if (sub > 0xff) throw new Error(`unknown WebAssembly opcode 0xfd ${sub} at byte ${reader.at}`);
  if (sub <= 11 || (sub >= 84 && sub <= 93)) skipMemoryArgument(reader);
  if (sub === 12 || sub === 13) reader.at += 16;
  // The number of a lane.
  if ((sub >= 21 && sub <= 34) || (sub >= 84 && sub <= 91)) reader.at += 1;
}
