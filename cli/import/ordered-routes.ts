import { type Built, build } from './built-routes.ts';
import type { Draft, DraftRoute, Note } from './draft.ts';
import { globCovers, globMatches, patternsOfGlob } from './glob.ts';
import { isSafeInstead, isSame, passing, type Rule, strictness } from './rules.ts';
import { overlaps, rooted, samplePaths } from './samples.ts';

export interface OrderedRoutes {
  readonly routes: Readonly<Record<string, DraftRoute>>;
  readonly comments: ReadonlyMap<string, string>;
  readonly notes: readonly Note[];
}

/** How often what was found is put right and looked at again. */
const ROUNDS = 40;

/**
 * Routes for rules of which the first that matches wins; in a policy the most specific one does. Where another rule would win, its route is written out
 * for these paths; where that cannot be, nothing of them is kept. The router of the compiled policy itself is asked who wins.
 *
 * @param words - What the source calls a rule, and itself: `behaviour`, `CloudFront`.
 * @param withRoutes - The draft that these routes belong to.
 */
export function orderedRoutes(
  given: readonly Rule[],
  words: { readonly rule: string; readonly source: string },
  withRoutes: (routes: Readonly<Record<string, DraftRoute>>) => Draft,
): OrderedRoutes {
  const notes: Note[] = [];
  const asked = given.map((rule) => ({ ...rule, glob: rooted(rule.glob) }));
  const dead = asked.filter((rule, i) => asked.slice(0, i).some(({ glob }) => globCovers(glob, rule.glob)));
  for (const rule of dead) {
    const first = asked.find(({ glob }) => globCovers(glob, rule.glob))?.glob;
    const text = `${rule.glob}: left out. ${words.source} never reaches it, because ${first} stands before it; here it would win, being more specific.`;
    notes.push({ kind: 'changed', line: rule.line, text });
  }
  const kept = asked.filter((rule) => !dead.includes(rule));
  let rules: readonly Rule[] = safeRules(kept, notes);
  const places = overlaps(kept.map(({ glob }) => glob));
  const paths = samplePaths([...kept.map(({ glob }) => glob), ...places]);
  const winnerOf = (path: string) => kept.find(({ glob }) => globMatches(glob, path));
  const told = new Set<string>();
  for (let round = 0; ; round++) {
    const built = build(rules, withRoutes);
    const difference = paths
      .filter((path) => !told.has(path))
      .map((path) => ({ path, wanted: winnerOf(path), taken: built.ruleOf(path) }))
      .find(({ wanted, taken }) => wanted && taken && !isAsGood(taken, wanted));
    if (difference?.wanted === undefined || difference.taken === undefined) {
      notes.push(...changedWinners(paths, winnerOf, built, words));
      return { routes: built.routes, comments: built.comments, notes };
    }
    const { path, wanted, taken } = difference;
    const place = places.find(
      (glob) =>
        globMatches(glob, path) &&
        globCovers(wanted.glob, glob) &&
        !rules.some((rule) => rule.glob === glob) &&
        isFirst(glob, wanted, kept),
    );
    if (place !== undefined && !taken.derived && round < ROUNDS) {
      rules = [{ ...wanted, glob: place, derived: true }, ...rules];
      const text = `${place}: written out with what ${wanted.glob} says. It is the first match, and ${taken.glob} is the more specific pattern.`;
      notes.push({ kind: 'done', line: wanted.line, text });
    } else if (taken.treatment.lane === 'pass') {
      // Nothing of it is kept, but another origin is asked.
      told.add(path);
    } else {
      rules = rules.map((rule) => (rule === taken ? { ...rule, treatment: passing(rule.treatment) } : rule));
      const text = `${taken.glob}: passes now, nothing of it is kept. ${words.source} gives ${path} to ${wanted.glob}, here ${taken.glob} takes it.`;
      notes.push({ kind: 'changed', line: taken.line, text });
    }
  }
}

function isAsGood(taken: Rule, wanted: Rule): boolean {
  return isSame(taken.treatment, wanted.treatment) || isSafeInstead(taken.treatment, wanted.treatment);
}

/** Whether no rule before that one takes any of these paths. */
function isFirst(glob: string, rule: Rule, rules: readonly Rule[]): boolean {
  const before = rules.slice(
    0,
    rules.findIndex((other) => other.glob === rule.glob),
  );
  return !before.some((other) => samplePaths([glob]).some((path) => globMatches(other.glob, path)));
}

/** A rule that no pattern stands for makes everything behind it pass: what is not told apart must not be kept. */
function safeRules(rules: readonly Rule[], notes: Note[]): readonly Rule[] {
  let isUncertain = false;
  const safe: Rule[] = [];
  for (const rule of rules) {
    const { cover, within } = patternsOfGlob(rule.glob);
    const isStrict = strictness(rule.treatment) > 0;
    if (isStrict ? cover === null : within.length === 0) {
      isUncertain = true;
      const text = `${rule.glob}: no pattern of a policy stands for it. Everything behind it passes, so that none of it is kept by mistake.`;
      notes.push({ kind: 'not-carried', line: rule.line, text });
    } else if (isUncertain && strictness(rule.treatment) < 2) {
      safe.push({ ...rule, treatment: passing(rule.treatment) });
    } else if (rule.treatment.scope !== undefined && (cover ?? []).some((path) => /\*\*./.test(path))) {
      const text = `${rule.glob}: passes. A route with a scope takes a \`**\` at its end alone.`;
      notes.push({ kind: 'changed', line: rule.line, text });
      safe.push({ ...rule, treatment: passing(rule.treatment) });
    } else safe.push(rule);
  }
  return safe;
}

/** One line for each pair of rules of which another one wins now. */
function changedWinners(
  paths: readonly string[],
  winnerOf: (path: string) => Rule | undefined,
  { ruleOf, isLookalike }: Built,
  words: { readonly rule: string; readonly source: string },
): readonly Note[] {
  const notes = new Map<string, Note>();
  for (const path of paths) {
    const [wanted, taken] = [winnerOf(path), ruleOf(path)];
    if (wanted === undefined || taken === undefined) continue;
    if (strictness(taken.treatment) === 0 && !notes.has(taken.glob) && isLookalike(path)) {
      const text = `${path}: passes, though ${taken.glob} is public. It is below a path with a scope, and an origin may take it for that.`;
      notes.set(taken.glob, { kind: 'changed', line: taken.line, text });
    }
    if (isSame(wanted.treatment, taken.treatment)) continue;
    const pair = `${wanted.glob} ${taken.glob}`;
    if (notes.has(pair) || wanted.glob === taken.glob) continue;
    const text = `${path}: ${words.source} takes the ${words.rule} ${wanted.glob}, here ${taken.glob} wins${strictness(taken.treatment) === 2 ? ', and passes' : ''}.`;
    notes.set(pair, { kind: 'changed', line: wanted.line, text });
  }
  return [...notes.values()];
}
