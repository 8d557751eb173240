import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** In files: so few that the pool still has its Viceroys, so many that a file has ended when it is due again. */
const LAG = 4;

/** Each file of `test/edge` on one engine and, a few files later, on the other: there it finds the Viceroys that it had. */
export class EngineSequencer extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs);
    const isOf = (project: string) => (spec: TestSpecification) => spec.project.name === project;
    const [readthrough, core] = [sorted.filter(isOf('edge')), sorted.filter(isOf('edge-core'))];
    const files = [...new Set([...readthrough, ...core].map(({ moduleId }) => moduleId))];
    const inTurns: TestSpecification[] = [];
    for (let i = 0; i < files.length + LAG; i++) {
      inTurns.push(...readthrough.filter(({ moduleId }) => moduleId === files[i]));
      inTurns.push(...core.filter(({ moduleId }) => moduleId === files[i - LAG]));
    }
    const others = sorted.filter((spec) => !inTurns.includes(spec));
    return [...others, ...inTurns];
  }
}
