import { describe, expect, it } from 'vitest';
import { meterWasm } from '../../../bench/meter/meter-wasm.ts';

const I32 = 0x7f;
const text = (value: string) => [value.length, ...Buffer.from(value)];
const section = (id: number, ...content: number[]) => [id, content.length, ...content];

/** A module that exports `run(n)`, whose body is given, and that can be done (0) and write a log (1). */
function moduleWith(body: number[]): Uint8Array<ArrayBuffer> {
  const code = [0, ...body, 0x0b];
  const imports = [
    ...[...text('fastly_http_downstream'), ...text('next_request'), 0, 1],
    ...[...text('fastly_log'), ...text('write'), 0, 2],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // Types: (i32) -> i32, (i32, i32, i32) -> i32, (i32, i32, i32, i32) -> i32.
    ...section(
      1,
      3,
      0x60,
      1,
      I32,
      1,
      I32,
      0x60,
      3,
      I32,
      I32,
      I32,
      1,
      I32,
      0x60,
      4,
      I32,
      I32,
      I32,
      I32,
      1,
      I32,
    ),
    ...section(2, 2, ...imports),
    ...section(3, 1, 0),
    // One global of its own: the counter has to come after it.
    ...section(6, 1, I32, 1, 0x41, 7, 0x0b),
    ...section(7, 1, ...text('run'), 0, 2),
    ...section(10, 1, code.length, ...code),
  ]);
}

/** What `run(n)` returns, what it has told, and what it asked the platform with. */
function metered(body: number[], n: number) {
  const told: number[] = [];
  const asked: number[][] = [];
  const module = Uint8Array.from(meterWasm(moduleWith(body)));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), {
    fastly_http_downstream: { next_request: (...args: number[]) => asked.push(args) && 0 },
    fastly_log: {
      write(handle: number, ...rest: number[]) {
        expect(rest).toEqual([0, 0, 0]);
        told.push(handle);
        return 5;
      },
    },
  });
  const result = (exports as { run: (n: number) => number }).run(n);
  return { result, told, asked };
}

// next_request(1, 2, 3): four instructions, and a drop.
const DONE = [0x41, 1, 0x41, 2, 0x41, 3, 0x10, 0, 0x1a];

describe('a metered module', () => {
  it('tells how many instructions it has executed when it is done with a request, and asks as it did', () => {
    // Everything up to the next branch or end counts when it begins: 5 of DONE, local.get.
    expect(metered([...DONE, 0x20, 0], 5)).toEqual({ result: 5, told: [6], asked: [[1, 2, 3]] });
  });

  it('counts each turn of a loop', () => {
    // loop: local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end
    const loop = [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b];
    const told = (n: number) => metered([...loop, ...DONE, 0x20, 0], n).told[0] ?? 0;
    expect(told(11) - told(10)).toBe(5);
    expect(told(1010) - told(10)).toBe(5000);
  });

  it('counts the way that was taken, not the other', () => {
    const five = Array(5).fill([0x41, 0, 0x1a]).flat();
    // if (n) { five times i32.const 0, drop } else { nop }
    const fork = [0x20, 0, 0x04, 0x40, ...five, 0x05, 0x01, 0x0b];
    const told = (n: number) => metered([...fork, ...DONE, 0x20, 0], n).told[0] ?? 0;
    expect(told(1) - told(0)).toBe(10);
  });

  it('does not count what only gives the code its shape', () => {
    // block block nop end end
    const shape = [0x02, 0x40, 0x02, 0x40, 0x01, 0x0b, 0x0b];
    expect(metered([...shape, ...DONE, 0x20, 0], 5).told).toEqual(metered([...DONE, 0x20, 0], 5).told);
  });

  it('does what it did before, with its own global', () => {
    // global.get 0, local.get 0, i32.add
    expect(metered([0x23, 0, 0x20, 0, 0x6a], 5).result).toBe(12);
  });

  it('is refused where it holds an instruction that cannot be read', () => {
    expect(() => meterWasm(moduleWith([0xfe, 0, 0x20, 0]))).toThrow('unknown WebAssembly opcode 0xfe');
  });
});
