import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** So few that the pool keeps their Viceroys, so many that the first of them has ended when it is due again. */
const FILES = 6;

/** A few files of `test/edge` on one engine, the same on the other, and on: each finds the Viceroy that it had before. */
export class EngineSequencer extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const of = (project: string) => sorted.filter(({ project: { name } }) => name === project);
    const [readthrough, core] = [of('edge'), of('edge-core')];
    const others = sorted.filter((spec) => ![...readthrough, ...core].includes(spec));
    const files = [...new Set([...readthrough, ...core].map(({ moduleId }) => moduleId))];
    const inTurns = files.flatMap((_, i) => {
      if (i % FILES !== 0) return [];
      const few = files.slice(i, i + FILES);
      return [readthrough, core].flatMap((all) => all.filter(({ moduleId }) => few.includes(moduleId)));
    });
    return [...others, ...inTurns];
  }
}
