import { describe, expect, it } from 'vitest';
import { meterWasm } from '../../../bench/meter/meter-wasm.ts';

const I32 = 0x7f;
const text = (value: string) => [value.length, ...Buffer.from(value)];
const section = (id: number, ...content: number[]) => [id, content.length, ...content];

/** A module that exports `run(n)`, whose body is given, a memory, and that can call (0) for its vCPU time. */
function moduleWith(body: number[]): Uint8Array<ArrayBuffer> {
  const code = [0, ...body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // Types: 0 is (i32) -> i32.
    ...section(1, 1, 0x60, 1, I32, 1, I32),
    ...section(2, 1, ...text('fastly_compute_runtime'), ...text('get_vcpu_ms'), 0, 0),
    ...section(3, 1, 0),
    ...section(5, 1, 0, 1),
    // One global of its own: the counter has to come after it.
    ...section(6, 1, I32, 1, 0x41, 7, 0x0b),
    ...section(7, 2, ...text('run'), 0, 1, ...text('memory'), 2, 0),
    ...section(10, 1, code.length, ...code),
  ]);
}

function run(module: Uint8Array<ArrayBuffer>, n: number): { result: number; told: number } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), {
    fastly_compute_runtime: {
      get_vcpu_ms: () => {
        throw new Error('the platform was asked');
      },
    },
  });
  const { run, memory } = exports as { run: (n: number) => number; memory: WebAssembly.Memory };
  const result = run(n);
  return { result, told: Number(new DataView(memory.buffer).getBigUint64(8, true)) };
}

const metered = (body: number[], n: number) =>
  run(Uint8Array.from(meterWasm(moduleWith(body))) as Uint8Array<ArrayBuffer>, n);

// get_vcpu_ms(8): two instructions, and a drop.
const ASK = [0x41, 8, 0x10, 0, 0x1a];

describe('a metered module', () => {
  it('tells how many instructions it has executed where it asks for its vCPU time', () => {
    // Everything up to the next branch or end counts when it begins: 3 of ASK, local.get, end.
    expect(metered([...ASK, 0x20, 0], 5)).toEqual({ result: 5, told: 5 });
  });

  it('counts each turn of a loop', () => {
    // loop: local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end
    const loop = [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b];
    const told = (n: number) => metered([...loop, ...ASK, 0x20, 0], n).told;
    expect(told(11) - told(10)).toBe(5);
    expect(told(1010) - told(10)).toBe(5000);
  });

  it('counts the way that was taken, not the other', () => {
    // if (n) { nop × 10 } else { nop }
    const fork = [0x20, 0, 0x04, 0x40, ...Array(10).fill(0x01), 0x05, 0x01, 0x0b];
    const told = (n: number) => metered([...fork, ...ASK, 0x20, 0], n).told;
    expect(told(1) - told(0)).toBe(9);
  });

  it('does what it did before, with its own global', () => {
    // global.get 0, local.get 0, i32.add
    expect(metered([0x23, 0, 0x20, 0, 0x6a], 5).result).toBe(12);
  });

  it('is refused where it holds an instruction that cannot be read', () => {
    expect(() => meterWasm(moduleWith([0xfe, 0, 0x20, 0]))).toThrow('unknown WebAssembly opcode 0xfe');
  });
});
