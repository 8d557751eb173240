import { type Html, html, htmlFigures, htmlPage, htmlTable } from '../base/html.ts';
import type { Percentiles } from './quantiles.ts';
import type { Count, StatsReport } from './stats-report.ts';
import { count, latencyRows, linesRead, millis, percent, span } from './stats-text.ts';

/** The report as one file of HTML: everything that `claimcache stats --json` has. */
export function statsHtml(report: StatsReport): string {
  const { totals, routes } = report;
  return htmlPage('Cache report', `${span(report)}, ${linesRead(report)}`, [
    htmlFigures([
      { name: 'Requests', value: count(totals.requests) },
      { name: 'Hit ratio', value: percent(totals.hitRatio) },
      { name: 'Origin offload', value: percent(totals.originOffload) },
      { name: 'Origin requests', value: count(totals.originRequests) },
      { name: 'p95', value: `${millis(totals.latencyMs?.p95)} ms` },
      {
        name: 'Leak guard',
        value: totals.leakGuard === 0 ? 'no alarm' : `${count(totals.leakGuard)} alarms`,
        tone: totals.leakGuard === 0 ? 'good' : 'bad',
      },
    ]),
    html`<h2>Where responses came from</h2>`,
    htmlTable(
      ['State', 'Requests ', 'Share '],
      Object.entries(totals.states).map(([state, n]) => [
        state,
        count(n),
        percent(totals.requests === 0 ? null : n / totals.requests),
      ]),
    ),
    html`<h2>Times in milliseconds</h2>`,
    htmlTable(
      ['Of', 'Requests ', 'mean ', 'p50 ', 'p90 ', 'p95 ', 'p99 ', 'max '],
      latencyRows(report).flatMap(([name, ms]) => (ms === null ? [] : [[name, ...cells(ms)]])),
    ),
    html`<h2>Routes</h2>`,
    htmlTable(
      [
        'Route',
        'Lane',
        'Requests ',
        'Hit ratio ',
        'Offload ',
        'p50 ',
        'p95 ',
        'Origin p95 ',
        '401 ',
        '5xx ',
        'Why not from the cache',
      ],
      routes.map((route) => [
        route.route,
        route.lane,
        count(route.requests),
        percent(route.hitRatio),
        percent(route.originOffload),
        millis(route.latencyMs?.p50),
        millis(route.latencyMs?.p95),
        millis(route.originMs?.p95),
        count(route.unauthorized),
        count(route.failures),
        route.why.map(({ name, count: n }) => `${name} ${count(n)}`).join('; '),
      ]),
    ),
    ...list('401 by code', totals.unauthorized),
    ...list('Failures', totals.failures),
    ...list('Notes', totals.notes),
    ...list('Cache engines', totals.engines),
  ]);
}

function cells({ count: n, mean, p50, p90, p95, p99, max }: Percentiles): string[] {
  return [count(n), ...[mean, p50, p90, p95, p99, max].map(millis)];
}

function list(title: string, counts: readonly Count[]): Html[] {
  if (counts.length === 0) return [];
  return [
    html`<h2>${title}</h2>`,
    htmlTable(
      ['Name', 'Requests '],
      counts.map(({ name, count: n }) => [name, count(n)]),
    ),
  ];
}
