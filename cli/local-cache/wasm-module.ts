/** `\0asm`, and the version. */
export const HEADER_BYTES = 8;
const IMPORTS = 2;
const MEMORY = 5;

export interface Section {
  readonly id: number;
  /** Of its head. */
  readonly start: number;
  /** Of what is in it. */
  readonly body: number;
  readonly end: number;
}

export interface WasmMemory {
  /** In pages of 64 KiB. */
  readonly minPages: number;
  readonly maxPages: number | null;
  readonly section: Section;
}

/** The memory that a module defines; null where it is no module with one memory of 32 bits. */
export function readMemory(wasm: Uint8Array): WasmMemory | null {
  const section = sectionOf(wasm, MEMORY);
  if (section === null) return null;
  const [count, flagsAt] = readLeb(wasm, section.body);
  const [flags, minAt] = readLeb(wasm, flagsAt);
  const [minPages, maxAt] = readLeb(wasm, minAt);
  // 0 and 1: without and with a limit. The rest is shared or of 64 bits.
  if (count !== 1 || flags > 1) return null;
  return { minPages, maxPages: flags === 1 ? readLeb(wasm, maxAt)[0] : null, section };
}

/** The module with a memory of so many pages from the start. */
export function raiseMemory(wasm: Uint8Array, { maxPages, section }: WasmMemory, pages: number): Uint8Array {
  const limits =
    maxPages === null ? [0, ...leb(pages)] : [1, ...leb(pages), ...leb(Math.max(pages, maxPages))];
  const body = [1, ...limits];
  return Buffer.concat([
    wasm.subarray(0, section.start),
    Uint8Array.from([MEMORY, ...leb(body.length), ...body]),
    wasm.subarray(section.end),
  ]);
}

/** Whether a module asks the host for the HTTP cache: what has the adapter in it does not. */
export function asksForHttpCache(wasm: Uint8Array): boolean {
  const imports = sectionOf(wasm, IMPORTS);
  return (
    imports !== null && Buffer.from(wasm.subarray(imports.body, imports.end)).includes('fastly_http_cache')
  );
}

/** The first section of a kind; null where there is none, or no module. */
export function sectionOf(wasm: Uint8Array, wanted: number): Section | null {
  return sectionsOf(wasm).find(({ id, end }) => id === wanted && end <= wasm.length) ?? null;
}

/** All sections, in their order; none where it is no module. */
export function sectionsOf(wasm: Uint8Array): readonly Section[] {
  if (Buffer.from(wasm.subarray(0, 4)).toString('latin1') !== '\0asm') return [];
  const sections: Section[] = [];
  let start = HEADER_BYTES;
  while (start < wasm.length) {
    const [size, body] = readLeb(wasm, start + 1);
    const end = body + size;
    sections.push({ id: wasm[start] ?? 0, start, body, end });
    start = end;
  }
  return sections;
}

/** A number in LEB128, unsigned, and where the next byte stands. */
export function readLeb(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0;
  let factor = 1;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at + 1];
    factor *= 128;
  }
  return [value, bytes.length];
}

/** A number as LEB128, unsigned. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
