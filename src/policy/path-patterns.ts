import { addRoute, compareRoutes, createRouter } from 'rou3';
import { below } from '../paths/below.ts';
import { foldPattern, textsOf } from '../paths/fold-pattern.ts';
import { foldingOf } from '../paths/folding-table.ts';
import { normalPattern, patternFix } from '../paths/normal-pattern.ts';
import type { Report } from './policy-error.ts';

interface Patterns {
  readonly routes: Readonly<
    Record<string, { readonly path: string; readonly scope?: string; readonly hosts?: readonly string[] }>
  >;
  readonly origins: Readonly<Record<string, { readonly paths?: readonly string[] }>>;
  readonly cms?: { readonly paths?: readonly string[] };
}

/** Patterns that cannot be read, and patterns that can never match. */
export function patternProblems(policy: Patterns, report: Report): void {
  const readable = new Map<string, string>();
  for (const [name, { path, scope }] of Object.entries(policy.routes)) {
    const at = `routes.${name}.path`;
    if (isReadable(path, at, report) && (scope === undefined || isGuardable(path, at, report)))
      readable.set(name, normalPattern(path));
  }
  const cmsPaths = (policy.cms?.paths ?? [])
    .filter((path, i) => {
      const at = `cms.paths.${i}`;
      return isReadable(path, at, report) && isGuardable(path, at, report);
    })
    .map(normalPattern);
  for (const [name, { paths = [] }] of Object.entries(policy.origins)) {
    paths.forEach((path, i) => {
      isReadable(path, `origins.${name}.paths.${i}`, report);
    });
  }
  const entries = [...readable];
  entries.forEach(([name, path], i) => {
    const same = entries
      .slice(0, i)
      .find(
        ([other, pattern]) =>
          haveHostInCommon(policy.routes[name]?.hosts, policy.routes[other]?.hosts) &&
          compareRoutes(path, pattern) === 'equal',
      );
    if (same) {
      report(
        'POLICY_UNREACHABLE',
        `routes.${name}.path`,
        path,
        `Matches the same paths as routes.${same[0]}: remove one of them.`,
      );
    }
    if (policy.routes[name]?.scope !== undefined) return;
    const cover = cmsPaths.find((cms) => ['equal', 'subset'].includes(compareRoutes(path, cms)));
    if (cover !== undefined) {
      report(
        'POLICY_UNREACHABLE',
        `routes.${name}.path`,
        path,
        `cms.paths has ${cover}, which always passes: narrow it, or remove this route.`,
      );
    }
  });
}

/** Whether both name a host in the same words, or none: then neither is the more exact one. */
function haveHostInCommon(some: readonly string[] = [], others: readonly string[] = []): boolean {
  if (some.length === 0 || others.length === 0) return some.length === others.length;
  const named = new Set(some.map((host) => host.toLowerCase()));
  return others.some((host) => named.has(host.toLowerCase()));
}

/** Whether no other spelling of a protected path gets around it: its folding has to be a pattern too, and what is below that. */
function isGuardable(path: string, at: string, report: Report): boolean {
  const folded = foldPattern(normalPattern(path), foldingOf(textsOf(path)));
  let fix =
    'No two readers agree on what this path may be spelt like: write it in letters and digits, without `%25` before two digits, and without bytes that are no UTF-8.';
  if (folded !== null) {
    try {
      const area = below(folded.pattern);
      for (const pattern of area === null ? [folded.pattern] : [folded.pattern, area])
        addRoute(createRouter(), '', pattern, true);
      return true;
    } catch {
      fix =
        'A protected path takes no `*`: write `/**` at its end for all below it, `:name` for one segment.';
    }
  }
  report('POLICY_PATTERN', at, path, fix);
  return false;
}

function isReadable(path: string, at: string, report: Report): boolean {
  const fix = patternFix(path);
  if (fix !== null) {
    report('POLICY_PATTERN', at, path, fix);
    return false;
  }
  try {
    addRoute(createRouter(), '', normalPattern(path), true);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    report('POLICY_PATTERN', at, path, `Not a path pattern (${why}).`);
    return false;
  }
}
