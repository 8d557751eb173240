import { PolicyError } from '../../src/policy/policy-error.ts';
import { routerOf } from '../../src/routing/matchers.ts';
import type { Router } from '../../src/routing/router.ts';
import { type Draft, type DraftRoute, Todo } from './draft.ts';
import { compiledDraft } from './fill-in.ts';
import { globMatches } from './glob.ts';
import { nameOf } from './name-of.ts';
import { patternsOf } from './rule-patterns.ts';
import type { Rule } from './rules.ts';

export interface Built {
  readonly routes: Readonly<Record<string, DraftRoute>>;
  readonly comments: ReadonlyMap<string, string>;
  readonly ruleOf: (path: string) => Rule | undefined;
  /** The engine keeps nothing there: an origin may take it for a path of a protected route. */
  readonly isLookalike: (path: string) => boolean;
}

export function build(
  rules: readonly Rule[],
  withRoutes: (routes: Readonly<Record<string, DraftRoute>>) => Draft,
): Built {
  const routes: Record<string, DraftRoute> = {};
  const comments = new Map<string, string>();
  const rulesOfRoute = new Map<string, readonly Rule[]>();
  for (const { path, of } of patternsOf(rules)) {
    const [rule] = of;
    if (rule === undefined) continue;
    const name = nameOf(
      path === '/**' ? 'everything' : `${rule.glob}${rule.derived ? '_first' : ''}`,
      Object.keys(routes),
    );
    const { guard, treatment } = rule;
    routes[name] = {
      path: guard === undefined ? path : new Todo(`${guard} Then write path: "${path}".`, path),
      ...treatment,
    };
    comments.set(name, commentsOf(of));
    rulesOfRoute.set(name, of);
  }
  for (;;) {
    try {
      const router = routerOf(compiledDraft(withRoutes(routes)));
      const ruleOf = (path: string) => {
        const list = rulesOfRoute.get(router.match(path).name) ?? [];
        return list.find(({ glob }) => globMatches(glob, path)) ?? list[0];
      };
      return { routes, comments, ruleOf, isLookalike: (path) => isLookalike(router, path) };
    } catch (error) {
      // Two rules may come to one pattern; the first of them is the one that counts.
      const clashes = (error instanceof PolicyError ? error.issues : [])
        .flatMap(({ code, path }) => (code === 'POLICY_UNREACHABLE' ? [path.split('.')[1] ?? ''] : []))
        .filter((name) => routes[name] !== undefined);
      if (clashes.length === 0) throw error;
      for (const name of clashes) {
        delete routes[name];
        comments.delete(name);
      }
    }
  }
}

export function isLookalike(router: Router, path: string): boolean {
  try {
    return router.resolve(path).isLookalike;
  } catch {
    return false;
  }
}

function commentsOf(rules: readonly Rule[]): string {
  const shown = rules.slice(0, 3).map(commentOf).join('; ');
  return rules.length > 3 ? `${shown}; and ${rules.length - 3} more` : shown;
}

function commentOf({ glob, line, derived }: Rule): string {
  if (derived) return `${glob}: the first match is line ${line}`;
  return line > 0 ? `${glob}, line ${line}` : glob;
}
