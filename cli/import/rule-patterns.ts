import { patternsOfGlob } from './glob.ts';
import { type Rule, strictness } from './rules.ts';

export interface RulePattern {
  readonly path: string;
  /** Rules that do the same, and differ in one constraint alone. */
  readonly of: readonly Rule[];
}

/** The patterns of rules, in their order. Those that do the same for `*.png` and for `*.gif` are one: `/**` then `:s0(.*\\.png|.*\\.gif)`. */
export function patternsOf(rules: readonly Rule[]): readonly RulePattern[] {
  const groups = new Map<string, { head: string; constraints: string[]; tail: string; of: Rule[] }>();
  const taken = new Set<string>();
  for (const rule of rules) {
    const { cover, within } = patternsOfGlob(rule.glob);
    for (const path of (strictness(rule.treatment) > 0 ? cover : within) ?? []) {
      if (taken.has(path)) continue;
      taken.add(path);
      const { head, constraint, tail } = parts(path);
      const key = JSON.stringify([
        head,
        tail,
        constraint === null ? path : '',
        rule.treatment,
        rule.guard,
        rule.derived,
      ]);
      const group = groups.get(key) ?? { head, constraints: [], tail, of: [] };
      if (constraint !== null) group.constraints.push(constraint);
      if (!group.of.includes(rule)) group.of.push(rule);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ head, constraints, tail, of }) => ({
    path: constraints.length === 0 ? head : `${head}(${constraints.join('|')})${tail}`,
    of,
  }));
}

/** Around the last constraint of a pattern. */
function parts(path: string): { head: string; constraint: string | null; tail: string } {
  const found = /^(.*:[as]\d+)\(((?:\\.|[^()\\])*)\)(.*)$/.exec(path);
  return found === null
    ? { head: path, constraint: null, tail: '' }
    : { head: found[1] ?? '', constraint: found[2] ?? '', tail: found[3] ?? '' };
}
