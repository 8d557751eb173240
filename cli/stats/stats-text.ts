import { printable } from '../base/printable.ts';
import { type Column, tableLines } from '../base/table.ts';
import type { World } from '../base/world.ts';
import type { Percentiles } from './quantiles.ts';
import type { Count, StatsReport } from './stats-report.ts';

export interface TextOptions {
  readonly colors: World['colors'];
  /** A line that is longer is cut: on a live screen a wrapped one would move the rest. null: never. */
  readonly width: number | null;
  /** Routes that are shown. */
  readonly maxRoutes: number;
}

/** The report as a person reads it. */
export function statsText(report: StatsReport, { colors, width, maxRoutes }: TextOptions): string {
  const { totals, routes } = report;
  const alarms = totals.leakGuard === 0 ? 'no alarm' : colors.red(`${totals.leakGuard} LEAK-GUARD ALARMS`);
  const lines = [
    `${span(report)}   ${count(totals.requests)} requests   hit ratio ${colors.bold(percent(totals.hitRatio))}   origin offload ${colors.bold(percent(totals.originOffload))}   ${alarms}`,
    '',
    ...tableLines(LATENCY, latencyRows(report)),
    '',
    ...routeTable(report, maxRoutes),
    ...(routes.length > maxRoutes ? [`… and ${routes.length - maxRoutes} more`] : []),
    '',
    ...listLine('401 by code', totals.unauthorized),
    ...listLine('failures', totals.failures),
    ...listLine('notes', totals.notes),
    linesRead(report),
  ];
  return `${lines.map((line) => (width === null || line.includes('\x1b') ? line : line.slice(0, width))).join('\n')}\n`;
}

export const LATENCY: readonly Column[] = [
  { title: 'ms' },
  ...['requests', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'].map(
    (title): Column => ({ title, align: 'right' }),
  ),
];

/** Each kind of time: its name, how many there were, and percentiles in milliseconds. */
export function latencyRows({ totals }: StatsReport): string[][] {
  const { latencyMsByState: byState } = totals;
  const rows: [string, Percentiles | null][] = [
    ['all', totals.latencyMs],
    ['HIT', byState.HIT],
    ['STALE', byState.STALE],
    ['MISS', byState.MISS],
    ['BYPASS', byState.BYPASS],
    ['ERROR', byState.ERROR],
    ['origin', totals.originMs],
    ['verify', totals.verifyMs],
    ['vCPU', totals.vcpuMs],
  ];
  return rows.flatMap(([name, ms]) =>
    ms === null
      ? []
      : [[name, count(ms.count), ...[ms.mean, ms.p50, ms.p90, ms.p95, ms.p99, ms.max].map(millis)]],
  );
}

const ROUTES: readonly Column[] = [
  { title: 'route' },
  { title: 'lane' },
  ...['requests', 'hit', 'offload', 'p50', 'p95', 'p99', 'origin p95', '401', '5xx'].map(
    (title): Column => ({ title, align: 'right' }),
  ),
  { title: 'why not from the cache' },
];

function routeTable({ routes }: StatsReport, maxRoutes: number): string[] {
  return tableLines(
    ROUTES,
    routes
      .slice(0, maxRoutes)
      .map((row) => [
        printable(row.route),
        printable(row.lane),
        count(row.requests),
        percent(row.hitRatio),
        percent(row.originOffload),
        millis(row.latencyMs?.p50),
        millis(row.latencyMs?.p95),
        millis(row.latencyMs?.p99),
        millis(row.originMs?.p95),
        row.unauthorized === 0 ? '' : count(row.unauthorized),
        row.failures === 0 ? '' : count(row.failures),
        counted(row.why.slice(0, 3)),
      ]),
  );
}

function listLine(title: string, list: readonly Count[]): string[] {
  return list.length === 0 ? [] : [`${title}: ${counted(list.slice(0, 10))}`];
}

/** How many lines were read, and what they were beside requests. */
export function linesRead({ lines }: StatsReport): string {
  const { read, operator, background, shield, foreign } = lines;
  const parts = [`${count(read)} lines`];
  if (operator > 0) parts.push(`${count(operator)} of the operator`);
  if (shield > 0) parts.push(`${count(shield)} of second passes at a shield`);
  if (background > 0) parts.push(`${count(background)} of work that failed after the answer`);
  if (foreign > 0) parts.push(`${count(foreign)} that are none of the service's`);
  return parts.join(', ');
}

function counted(list: readonly Count[]): string {
  return list.map(({ name, count: n }) => `${printable(name)} ${count(n)}`).join('; ');
}

export function span({ from, to }: StatsReport): string {
  if (from === null || to === null) return 'no request yet';
  const short = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
  return `${short(from)} to ${short(to)}`;
}

export function percent(ratio: number | null): string {
  return ratio === null ? '-' : `${(ratio * 100).toFixed(1)} %`;
}

export function millis(value: number | undefined): string {
  return value === undefined ? '-' : value < 10 ? value.toFixed(1) : value.toFixed(0);
}

export function count(value: number): string {
  return value.toLocaleString('en');
}
