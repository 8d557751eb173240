import type { Program } from 'acorn';
import type { Note } from '../draft.ts';
import { itemsOf, member, type Tree, textAt } from '../source-tree.ts';
import { constantsOf, staticValue } from '../static-value.ts';
import { configOf } from './config-of.ts';

/** The matchers of `export const config`; without any the middleware runs for every path. */
export function matchersOf(
  program: Program,
  text: string,
  notes: Note[],
): readonly { source: string; line: number }[] {
  const config = program.body.map(configOf).find((found) => found !== null);
  const tree =
    config === undefined || config === null
      ? undefined
      : staticValue(config, text, 'config', constantsOf(program));
  const matcher = tree?.kind === 'object' ? member(tree, 'matcher') : undefined;
  if (matcher === undefined) {
    notes.push({
      kind: 'done',
      line: 0,
      text: 'without a matcher the middleware runs for every path: all of them are covered.',
    });
    return [{ source: '/:path*', line: 1 }];
  }
  const list = matcher.kind === 'array' ? itemsOf(matcher) : [matcher];
  return list.map((one) => sourceOf(one, notes));
}

function sourceOf(tree: Tree, notes: Note[]): { source: string; line: number } {
  const { line } = tree.at;
  if (tree.kind === 'scalar' && typeof tree.value === 'string') return { source: tree.value, line };
  const source = tree.kind === 'object' ? textAt(tree, 'source') : undefined;
  if (source === undefined) {
    notes.push({
      kind: 'changed',
      line,
      text: 'a matcher that only running the code could tell: every path is covered.',
    });
    return { source: '/:path*', line };
  }
  const conditions = ['has', 'missing'].filter((name) => member(tree, name) !== undefined);
  if (conditions.length > 0)
    notes.push({
      kind: 'changed',
      line,
      text: `${source.slice(0, 120)}: ${conditions.join(' and ')} do not count, the paths are covered in any case.`,
    });
  return { source, line };
}
