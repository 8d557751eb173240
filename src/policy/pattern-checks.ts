import { addRoute, compareRoutes, createRouter } from 'rou3';
import { below } from './below.ts';
import type { PolicyInput } from './input.ts';
import type { Report } from './policy-error.ts';

/** Patterns that cannot be read, and patterns that can never match. */
export function patternProblems(policy: PolicyInput, report: Report): void {
  const readable = new Map<string, string>();
  for (const [name, { path, scope }] of Object.entries(policy.routes)) {
    const at = `routes.${name}.path`;
    if (isReadable(path, at, report) && (scope === undefined || isGuardable(path, at, report)))
      readable.set(name, path);
  }
  const cmsPaths = (policy.cms?.paths ?? []).filter((path, i) => {
    const at = `cms.paths.${i}`;
    return isReadable(path, at, report) && isGuardable(path, at, report);
  });
  for (const [name, { paths = [] }] of Object.entries(policy.origins)) {
    paths.forEach((path, i) => {
      isReadable(path, `origins.${name}.paths.${i}`, report);
    });
  }
  const entries = [...readable];
  entries.forEach(([name, path], i) => {
    const twin = entries.slice(0, i).find(([, other]) => compareRoutes(path, other) === 'equal');
    if (twin) {
      report(
        'POLICY_UNREACHABLE',
        `routes.${name}.path`,
        path,
        `Matches the same paths as routes.${twin[0]}: remove one of them.`,
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

/** Whether what is below a protected path can be a pattern too: it is kept out of the public cache. */
function isGuardable(path: string, at: string, report: Report): boolean {
  const area = below(path);
  try {
    if (area !== null) addRoute(createRouter(), '', area, true);
    return true;
  } catch {
    const mend =
      'A protected path takes no `*`: write `/**` at its end for all below it, `:name` for one segment.';
    report('POLICY_PATTERN', at, path, mend);
    return false;
  }
}

function isReadable(path: string, at: string, report: Report): boolean {
  try {
    addRoute(createRouter(), '', path, true);
    if (!/[;\\\0]|%2f|%5c/i.test(path)) return true;
    report(
      'POLICY_PATTERN',
      at,
      path,
      'Encoded slashes, backslashes and ; never match: such targets always pass.',
    );
  } catch (error) {
    report(
      'POLICY_PATTERN',
      at,
      path,
      `Not a path pattern (${error instanceof Error ? error.message : 'unreadable'}).`,
    );
  }
  return false;
}
