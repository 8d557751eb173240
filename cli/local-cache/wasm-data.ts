import { HEADER_BYTES, leb, readLeb, sectionOf, sectionsOf } from './wasm-module.ts';

const CODE = 10;
const DATA = 11;
const DATA_COUNT = 12;

/** The data of a module: how many segments, and their bytes. */
export interface WasmData {
  readonly count: number;
  readonly segments: Uint8Array;
}

/** The data of a module; null where a segment is not laid into the first memory at the start: code refers to such a one by its number. */
export function readData(wasm: Uint8Array): WasmData | null {
  const section = sectionOf(wasm, DATA);
  if (section === null) return { count: 0, segments: new Uint8Array() };
  const [count, from] = readLeb(wasm, section.body);
  let at = from;
  for (let segment = 0; segment < count; segment++) {
    // 0: active, in memory 0. Its address follows: `i32.const`, a number, `end`.
    if (wasm[at] !== 0 || wasm[at + 1] !== 0x41) return null;
    const end = readLeb(wasm, at + 2)[1];
    const [size, bytes] = readLeb(wasm, end + 1);
    at = bytes + size;
  }
  return { count, segments: wasm.subarray(from, section.end) };
}

/** The module with the data of all `parts`, one after the other, instead of its own. */
export function replaceData(wasm: Uint8Array, parts: readonly WasmData[]): Uint8Array {
  const count = leb(parts.reduce((sum, part) => sum + part.count, 0));
  const size = count.length + parts.reduce((sum, part) => sum + part.segments.length, 0);
  const data = [Uint8Array.from([DATA, ...leb(size), ...count]), ...parts.map(({ segments }) => segments)];
  const sections = sectionsOf(wasm).filter(({ id }) => id !== DATA);
  return Buffer.concat([
    wasm.subarray(0, HEADER_BYTES),
    ...sections.flatMap(({ id, start, end }) => {
      if (id === DATA_COUNT) return [Uint8Array.from([DATA_COUNT, count.length, ...count])];
      const section = wasm.subarray(start, end);
      return id === CODE ? [section, ...data] : [section];
    }),
  ]);
}

/** The module without its data. */
export function withoutData(wasm: Uint8Array): Uint8Array {
  const rest = sectionsOf(wasm).filter(({ id }) => id !== DATA && id !== DATA_COUNT);
  return Buffer.concat([
    wasm.subarray(0, HEADER_BYTES),
    ...rest.map(({ start, end }) => wasm.subarray(start, end)),
  ]);
}
