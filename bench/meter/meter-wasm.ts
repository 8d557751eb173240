import { OPCODE, SHAPE, skipInstruction } from './skip-instruction.ts';
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

/** Where a service is done with a request: it asks for the next one. */
const DONE = 'fastly_http_downstream.next_request';
/** What tells the count: a write to a log endpoint that does not exist, whose number is the count. */
const TELL = 'fastly_log.write';

/**
 * The same service, which counts the WebAssembly instructions that it executes, and tells their number when it is done with
 * a request, as Viceroy's trace then shows (host-calls.ts). An instruction count is the same on every machine, whatever else
 * runs there. Interpreted JavaScript, header copies, garbage collection and cryptography all are instructions of the module;
 * only what a host call does is not.
 */
export function meterWasm(module: Uint8Array): Uint8Array {
  const reader: WasmReader = { bytes: module, at: 8 };
  const parts: Uint8Array[] = [module.subarray(0, 8)];
  let calls: Calls = { done: -1, tell: -1 };
  let counter = 0;
  while (reader.at < module.length) {
    const id = readByte(reader);
    const length = readUnsigned(reader);
    const start = reader.at;
    let body = module.subarray(start, start + length);
    if (id === SECTION.import) ({ calls, globals: counter } = readImports(reader));
    if (id === SECTION.global) {
      const count = readUnsigned(reader);
      counter += count;
      const rest = module.subarray(reader.at, start + length);
      // A mutable i64 that begins at 0.
      body = Buffer.concat([Buffer.from(unsigned(count + 1)), rest, Buffer.from([I64, 1, 0x42, 0, 0x0b])]);
    }
    if (id === SECTION.code) body = meterCode(reader, counter, calls);
    parts.push(Buffer.from([id, ...unsigned(body.length)]), body);
    reader.at = start + length;
  }
  return Buffer.concat(parts);
}

/** Indices of the two imported functions. */
interface Calls {
  readonly done: number;
  readonly tell: number;
}

function readImports(reader: WasmReader): { calls: Calls; globals: number } {
  const functions: string[] = [];
  let globals = 0;
  for (let left = readUnsigned(reader); left > 0; left--) {
    const name = `${readName(reader)}.${readName(reader)}`;
    const kind = readByte(reader);
    if (kind === 0) {
      functions.push(name);
      skipLeb(reader);
    } else if (kind === 3) {
      globals += 1;
      reader.at += 2;
    } else throw new Error(`unknown import ${name}`);
  }
  const calls = { done: functions.indexOf(DONE), tell: functions.indexOf(TELL) };
  if (calls.done < 0 || calls.tell < 0) throw new Error(`the service does not import ${DONE} and ${TELL}`);
  return { calls, globals };
}

function meterCode(reader: WasmReader, counter: number, calls: Calls): Uint8Array {
  const out: Uint8Array[] = [];
  const count = readUnsigned(reader);
  out.push(Buffer.from(unsigned(count)));
  const get = [0x23, ...unsigned(counter)];
  const set = [0x24, ...unsigned(counter)];
  // The lower 32 bits of the count, then three zeros; what comes back is dropped. The stack is as it was.
  const zeros = [0x41, 0, 0x41, 0, 0x41, 0];
  const tell = Buffer.from([...get, 0xa7, ...zeros, OPCODE.call, ...unsigned(calls.tell), 0x1a]);
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
      if (!SHAPE.has(opcode)) instructions += 1;
      if (opcode === OPCODE.call && isCallOf(calls.done, reader.bytes, from)) {
        line.push(reader.bytes.subarray(lineStart, from), tell);
        lineStart = from;
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
