import { describe, expect, test } from 'vitest';
import { readData, replaceData, withoutData } from '../../../cli/local-cache/wasm-data.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const section = (id: number, ...body: number[]) => [id, body.length, ...body];
const text = (value: string) => [value.length, ...Buffer.from(value)];
const active = (address: number, value: string) => [0, 0x41, address, 0x0b, ...text(value)];

/** One function, a memory, a custom section at the end, and these segments. */
const module = (...segments: number[][]) =>
  Uint8Array.from([
    ...HEADER,
    ...section(1, 1, 0x60, 0, 0),
    ...section(3, 1, 0),
    ...section(5, 1, 0, 1),
    ...section(7, 1, ...text('memory'), 2, 0),
    ...(segments.length === 0 ? [] : section(12, segments.length)),
    ...section(10, 1, 2, 0, 0x0b),
    ...(segments.length === 0 ? [] : section(11, segments.length, ...segments.flat())),
    ...section(0, ...text('name'), 1),
  ]);

async function memoryOf(wasm: Uint8Array): Promise<string> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(wasm));
  return Buffer.from((instance.exports.memory as WebAssembly.Memory).buffer, 0, 8).toString('latin1');
}

describe('the data of a module', () => {
  test('is taken off and put back, byte for byte', () => {
    const wasm = module(active(0, 'one'), active(4, 'two'));
    const data = readData(wasm);
    if (data === null) throw new Error('unreachable');
    expect(data.count).toBe(2);
    expect(Buffer.from(withoutData(wasm))).toEqual(Buffer.from(module()));
    expect(Buffer.from(replaceData(wasm, [data]))).toEqual(Buffer.from(wasm));
  });

  test('of two modules is laid into the memory of one', async () => {
    const [one, two] = [readData(module(active(0, 'one'))), readData(module(active(4, 'two')))];
    if (one === null || two === null) throw new Error('unreachable');
    expect(await memoryOf(replaceData(module(active(0, 'gone')), [one, two]))).toBe('one\0two\0');
    expect(await memoryOf(replaceData(module(), [two]))).toBe('\0\0\0\0two\0');
  });

  test('is nothing where there is none', () => {
    expect(readData(module())).toEqual({ count: 0, segments: new Uint8Array() });
  });

  test.each([
    ['one that code lays into the memory', [1, ...text('one')]],
    ['one of a memory with a number', [2, 0, 0x41, 0, 0x0b, ...text('one')]],
    ['one whose address is a global', [0, 0x23, 0, 0x0b, ...text('one')]],
  ])('with %s is left as it is', (_, segment) => {
    expect(readData(module(segment))).toBeNull();
  });
});
