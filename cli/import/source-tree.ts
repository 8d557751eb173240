import { CliError } from '../base/cli-error.ts';
import { printable } from '../base/printable.ts';

/** A value of a file that somebody wrote, with where it stands. */
export type Tree =
  | { readonly kind: 'object'; readonly at: Place; readonly entries: ReadonlyMap<string, Tree> }
  | { readonly kind: 'array'; readonly at: Place; readonly items: readonly Tree[] }
  | { readonly kind: 'scalar'; readonly at: Place; readonly value: string | number | boolean | null }
  /** What only running the file could tell: `process.env.SECRET`, a call. It is never run. */
  | { readonly kind: 'code'; readonly at: Place; readonly text: string };

export interface Place {
  /** `DistributionConfig.Origins.Items[0]`; empty for the whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** The end of an import whose source is not what it has to be. */
export function badSource({ path, line }: Place, expected: string): CliError {
  const where = path === '' ? `line ${line}` : `${printable(path).slice(0, 200)} (line ${line})`;
  return new CliError('CLI_INPUT', `${where}: ${expected}`, 'Correct the file, or give the whole of it.');
}

/** The member of that name; undefined where there is none, or null stands there. */
export function member(tree: Tree | undefined, name: string): Tree | undefined {
  if (tree === undefined) return undefined;
  if (tree.kind !== 'object') throw badSource(tree.at, 'an object is expected.');
  const found = tree.entries.get(name);
  return found?.kind === 'scalar' && found.value === null ? undefined : found;
}

/** Down a path of members; undefined as soon as one is missing. */
export function descend(tree: Tree | undefined, ...names: readonly string[]): Tree | undefined {
  return names.reduce<Tree | undefined>((at, name) => member(at, name), tree);
}

export function textOf(tree: Tree): string {
  if (tree.kind === 'scalar' && typeof tree.value === 'string') return tree.value;
  throw badSource(tree.at, 'a text is expected.');
}

export function textAt(tree: Tree | undefined, ...names: readonly string[]): string | undefined {
  const found = descend(tree, ...names);
  return found === undefined ? undefined : textOf(found);
}

export function flagAt(tree: Tree | undefined, ...names: readonly string[]): boolean | undefined {
  const found = descend(tree, ...names);
  if (found === undefined) return undefined;
  if (found.kind === 'scalar' && typeof found.value === 'boolean') return found.value;
  throw badSource(found.at, 'true or false is expected.');
}

/** Whole seconds, from 0; more than a policy can say is as much as it can. */
export function secondsAt(tree: Tree | undefined, ...names: readonly string[]): number | undefined {
  const found = descend(tree, ...names);
  if (found === undefined) return undefined;
  const value = found.kind === 'scalar' ? found.value : undefined;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) {
    return Math.min(Math.floor(value), MOST_SECONDS);
  }
  throw badSource(found.at, 'seconds are expected: a number from 0.');
}

export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return [];
  if (tree.kind !== 'array') throw badSource(tree.at, 'a list is expected.');
  return tree.items;
}

export function textsOf(tree: Tree | undefined): readonly string[] {
  return itemsOf(tree).map(textOf);
}

/** What a policy takes for a year is enough for everything. */
export const MOST_SECONDS = 31_536_000;
