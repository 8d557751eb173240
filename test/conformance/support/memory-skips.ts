/** A test of the suite that the engine in memory cannot be put to, and why. docs/proof/conformance.md shows them. */
export interface MemorySkip {
  readonly file: string;
  readonly test: string;
  readonly why: string;
}

export const MEMORY_SKIPS: readonly MemorySkip[] = [
  {
    file: 'methods.test.ts',
    test: 'TRACK is refused with 405, reaches no origin, and purges nothing',
    why: "Node's HTTP parser knows no `TRACK`, and answers 400 before the engine is asked",
  },
];
