import type { World } from '../base/world.ts';
import type { Finding } from './finding.ts';
import type { HookRow } from './hook-table.ts';
import type { PathExamples } from './path-examples.ts';
import type { RouteRow } from './route-table.ts';

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly routes: readonly RouteRow[];
  readonly paths: readonly PathExamples[];
  readonly hooks: readonly HookRow[];
  readonly errors: number;
  readonly warnings: number;
}

/** The table of routes, then what was found, then how many. */
export function checkText(
  { findings, routes, paths, hooks, errors, warnings }: CheckResult,
  colors: World['colors'],
): string {
  const found = findings.map(({ level, code, where, text, fix }) => {
    const paint = level === 'error' ? colors.red : colors.yellow;
    return `${paint(level)} ${colors.bold(code)} ${where}\n  ${text}\n  ${colors.dim(fix)}\n`;
  });
  const sum = `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  const paint = errors > 0 ? colors.red : warnings > 0 ? colors.yellow : colors.green;
  return [
    routesText(routes, colors),
    pathsText(paths, colors),
    hooksText(hooks, colors),
    ...found,
    `${paint(sum)}\n`,
  ]
    .filter((block) => block !== '')
    .join('\n');
}

/** What the patterns of the routes mean. */
function pathsText(paths: readonly PathExamples[], colors: World['colors']): string {
  if (paths.length === 0) return '';
  const rows = paths.map(({ route, path, matches, matchesNot }) => [
    route,
    path,
    matches.join(', '),
    matchesNot ?? '',
  ]);
  return tableText(['route', 'pattern', 'matches', 'but not'], rows, colors);
}

/** Who may purge by a webhook. */
export function hooksText(hooks: readonly HookRow[], colors: World['colors']): string {
  if (hooks.length === 0) return '';
  const rows = hooks.map(({ path, proof, secret, purges }) => [path, proof, secret, purges.join(', ')]);
  return tableText(['hook', 'proof', 'secret', 'purges'], rows, colors);
}

/** The effective table of routes. */
export function routesText(routes: readonly RouteRow[], colors: World['colors']): string {
  if (routes.length === 0) return '';
  const columns: readonly (readonly [title: string, of: (row: RouteRow) => string])[] = [
    ['route', ({ name }) => name],
    ['path', ({ path }) => path],
    // What no route of the policy uses has no column.
    ...(routes.some(({ hosts }) => hosts.length > 0)
      ? [['hosts', ({ hosts }: RouteRow) => hosts.join(', ') || 'all'] as const]
      : []),
    ['lane', ({ lane }) => lane],
    ...(routes.some(({ methods }) => methods.length > 0)
      ? [['by body', ({ methods }: RouteRow) => methods.join(', ')] as const]
      : []),
    ['scope', ({ scope }) => scope ?? ''],
    ['ttl in s', ({ ttl }) => ttl],
    ['stale in s', ({ stale }) => stale],
    ['without a credential', ({ otherwise }) => otherwise],
    ['origin', ({ origin }) => origin],
    ...(routes.some(({ entries }) => (entries ?? 1) > 1)
      ? [['entries a page', ({ entries }: RouteRow) => entries?.toLocaleString('en') ?? ''] as const]
      : []),
  ];
  const head = columns.map(([title]) => title);
  const rows = routes.map((row) => columns.map(([, of]) => of(row)));
  return tableText(head, rows, colors);
}

function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  colors: World['colors'],
): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return `${colors.bold(line(head))}\n${rows.map((row) => `${line(row)}\n`).join('')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
