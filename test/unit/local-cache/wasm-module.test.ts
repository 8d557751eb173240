import { describe, expect, test } from 'vitest';
import { asksForHttpCache, raiseMemory, readMemory } from '../../../cli/local-cache/wasm-module.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const section = (id: number, ...body: number[]) => [id, body.length, ...body];
const text = (value: string) => [value.length, ...Buffer.from(value)];
const module = (...sections: number[][]) => Uint8Array.from([...HEADER, ...sections.flat()]);
/** One type, `func ()`, and one export of the memory. */
const TYPES = section(1, 1, 0x60, 0, 0);
const EXPORT = section(7, 1, ...text('memory'), 2, 0);

describe('the memory of a module', () => {
  test.each([
    ['without a limit', [0, 3], 3, null],
    ['with a limit', [1, 3, 9], 3, 9],
    ['of many pages', [0, 0xa5, 0x01], 165, null],
  ])('%s is read and raised, and the module is still one', async (_, limits, minPages, maxPages) => {
    const wasm = module(TYPES, section(5, 1, ...limits), EXPORT);
    const memory = readMemory(wasm);
    expect(memory).toMatchObject({ minPages, maxPages });
    if (memory === null) throw new Error('unreachable');
    const raised = raiseMemory(wasm, memory, 300);
    expect(readMemory(raised)).toMatchObject({ minPages: 300, maxPages: maxPages === null ? null : 300 });
    const { instance } = await WebAssembly.instantiate(Uint8Array.from(raised));
    expect((instance.exports.memory as WebAssembly.Memory).buffer.byteLength).toBe(300 * 65_536);
  });

  test.each([
    ['no module', Uint8Array.from(Buffer.from('not wasm at all'))],
    ['nothing', new Uint8Array()],
    ['a module without a memory', module(TYPES)],
    ['a memory of 64 bits', module(section(5, 1, 4, 1))],
    ['two memories', module(section(5, 2, 0, 1, 0, 1))],
    ['a module that is cut off', module(TYPES, section(5, 1, 0, 3)).subarray(0, -2)],
    ['a component', Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0])],
  ])('%s has none that can be raised', (_, wasm) => {
    expect(readMemory(wasm)).toBeNull();
  });
});

test('a module asks for the HTTP cache by its imports, whatever its data says', () => {
  const imported = (name: string) => section(2, 1, ...text(name), ...text('close'), 0, 0);
  const data = section(11, 1, 0, 0x41, 0, 0x0b, ...text('fastly_http_cache'));
  const memory = section(5, 1, 0, 1);
  expect(asksForHttpCache(module(TYPES, imported('fastly_http_cache'), memory))).toBe(true);
  expect(asksForHttpCache(module(TYPES, imported('fastly_cache'), memory, data))).toBe(false);
  expect(asksForHttpCache(module(TYPES, memory))).toBe(false);
});
