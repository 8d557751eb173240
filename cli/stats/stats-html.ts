import { type Html, html, htmlFigures, htmlPage, htmlTable } from '../base/html.ts';
import type { Count, StatsReport } from './stats-report.ts';
import { count, LATENCY, latencyRows, linesRead, millis, percent, span } from './stats-text.ts';

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
      [{ title: 'State' }, { title: 'Requests', align: 'right' }, { title: 'Share', align: 'right' }],
      Object.entries(totals.states).map(([state, n]) => [
        state,
        count(n),
        percent(totals.requests === 0 ? null : n / totals.requests),
      ]),
    ),
    html`<h2>Times in milliseconds</h2>`,
    htmlTable(LATENCY, latencyRows(report)),
    html`<h2>Routes</h2>`,
    htmlTable(
      [
        { title: 'Route' },
        { title: 'Lane' },
        { title: 'Requests', align: 'right' },
        { title: 'Hit ratio', align: 'right' },
        { title: 'Offload', align: 'right' },
        { title: 'p50', align: 'right' },
        { title: 'p95', align: 'right' },
        { title: 'Origin p95', align: 'right' },
        { title: '401', align: 'right' },
        { title: '5xx', align: 'right' },
        { title: 'Why not from the cache' },
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

function list(title: string, counts: readonly Count[]): Html[] {
  if (counts.length === 0) return [];
  return [
    html`<h2>${title}</h2>`,
    htmlTable(
      [{ title: 'Name' }, { title: 'Requests', align: 'right' }],
      counts.map(({ name, count: n }) => [name, count(n)]),
    ),
  ];
}
