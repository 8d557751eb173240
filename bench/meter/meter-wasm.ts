import { OPCODE, skipInstruction } from './skip-instruction.ts';
import {
  readByte,
  readName,
  readUnsigned,
  signed,
  skipLeb,
  unsigned,
  type WasmReader,
} from './wasm-reader.ts';

const SECTION = { import: 2, global: 6, code: 10 } as const;
const I64 = 0x7e;
const STRAIGHT_LINE_ENDS = new Set<number>([
  OPCODE.loop,
  OPCODE.if,
  OPCODE.else,
  OPCODE.end,
  OPCODE.branch,
  OPCODE.branchIf,
  OPCODE.branchTable,
  OPCODE.return,
  OPCODE.unreachable,
]);

/**
 * The same service, which counts the WebAssembly instructions that it executes, and tells their number where it asks the
 * platform for its vCPU milliseconds. So `vcpuMs` of the log is an instruction count: the same on every machine, whatever
 * else runs there. Interpreted JavaScript, header copies and cryptography all are instructions of the module; only what a
 * host call does is not.
 */
export function meterWasm(module: Uint8Array): Uint8Array {
  const reader: WasmReader = { bytes: module, at: 8 };
  const parts: Uint8Array[] = [module.subarray(0, 8)];
  let vcpuCall = -1;
  let counter = 0;
  while (reader.at < module.length) {
    const id = readByte(reader);
    const length = readUnsigned(reader);
    const start = reader.at;
    let body = module.subarray(start, start + length);
    if (id === SECTION.import) ({ vcpuCall, globals: counter } = readImports(reader));
    if (id === SECTION.global) {
      const count = readUnsigned(reader);
      counter += count;
      const rest = module.subarray(reader.at, start + length);
      // A mutable i64 that begins at 0.
      body = Buffer.concat([Buffer.from(unsigned(count + 1)), rest, Buffer.from([I64, 1, 0x42, 0, 0x0b])]);
    }
    if (id === SECTION.code) body = meterCode(reader, counter, vcpuCall);
    parts.push(Buffer.from([id, ...unsigned(body.length)]), body);
    reader.at = start + length;
  }
  return Buffer.concat(parts);
}

/** The index of the function that tells vCPU milliseconds, and how many globals are imported. */
function readImports(reader: WasmReader): { vcpuCall: number; globals: number } {
  let functions = 0;
  let globals = 0;
  let vcpuCall = -1;
  for (let left = readUnsigned(reader); left > 0; left--) {
    const name = `${readName(reader)}.${readName(reader)}`;
    const kind = readByte(reader);
    if (kind === 0) {
      if (name === 'fastly_compute_runtime.get_vcpu_ms') vcpuCall = functions;
      functions += 1;
      skipLeb(reader);
    } else if (kind === 3) {
      globals += 1;
      reader.at += 2;
    } else throw new Error(`unknown import ${name}`);
  }
  if (vcpuCall < 0) throw new Error('the service never asks for its vCPU time');
  return { vcpuCall, globals };
}

function meterCode(reader: WasmReader, counter: number, vcpuCall: number): Uint8Array {
  const out: Uint8Array[] = [];
  const count = readUnsigned(reader);
  out.push(Buffer.from(unsigned(count)));
  const get = [0x23, ...unsigned(counter)];
  const set = [0x24, ...unsigned(counter)];
  // It had been given where to write the milliseconds, and has to say that all is well: i64.store, i32.const 0.
  const tell = Buffer.from([...get, 0x37, 0, 0, 0x41, 0]);
  for (let left = count; left > 0; left--) {
    const end = readUnsigned(reader) + reader.at;
    const start = reader.at;
    for (let kinds = readUnsigned(reader); kinds > 0; kinds--) {
      skipLeb(reader);
      skipLeb(reader);
    }
    const pieces: Uint8Array[] = [reader.bytes.subarray(start, reader.at)];
    let line: Uint8Array[] = [];
    let lineStart = reader.at;
    let instructions = 0;
    while (reader.at < end) {
      const from = reader.at;
      const opcode = skipInstruction(reader);
      instructions += 1;
      if (opcode === OPCODE.call && isCallOf(vcpuCall, reader.bytes, from)) {
        line.push(reader.bytes.subarray(lineStart, from), tell);
        lineStart = reader.at;
      }
      if (!STRAIGHT_LINE_ENDS.has(opcode) && reader.at < end) continue;
      pieces.push(Buffer.from([...get, 0x42, ...signed(instructions), 0x7c, ...set]), ...line);
      pieces.push(reader.bytes.subarray(lineStart, reader.at));
      line = [];
      lineStart = reader.at;
      instructions = 0;
    }
    const body = Buffer.concat(pieces);
    out.push(Buffer.from(unsigned(body.length)), body);
  }
  return Buffer.concat(out);
}

function isCallOf(index: number, bytes: Uint8Array, at: number): boolean {
  return readUnsigned({ bytes, at: at + 1 }) === index;
}
