import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** So few that the pool keeps their Viceroys, so many that a file has ended when it is due again. */
const FILES = 6;

/** A few files of `test/edge` on one engine, the same on the other, and on: each finds the Viceroy that it had before. */
export class EngineSequencer extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const of = (project: string) => sorted.filter(({ project: { name } }) => name === project);
    const [readthrough, core] = [of('edge'), of('edge-core')];
    const others = sorted.filter((spec) => !readthrough.includes(spec) && !core.includes(spec));
    const files = [...new Set([...readthrough, ...core].map(({ moduleId }) => moduleId))];
    const inTurns: TestSpecification[] = [];
    for (let i = 0; i < files.length; i += FILES) {
      const [longest, ...shorter] = files.slice(i, i + FILES);
      inTurns.push(
        ...readthrough.filter(({ moduleId }) => moduleId === longest || shorter.includes(moduleId)),
      );
      // The longest may still run.
      for (const file of [...shorter, longest])
        inTurns.push(...core.filter(({ moduleId }) => moduleId === file));
    }
    return [...others, ...inTurns];
  }
}
