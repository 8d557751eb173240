import { type Html, html, htmlFigures, htmlPage, htmlTable } from '../base/html.ts';
import { COLUMNS, cellsOf } from './report-text.ts';
import type { AuditReport, Check, TargetReport, Verdict } from './types.ts';

const VERDICTS: Readonly<Record<Verdict, { title: string; tone: 'good' | 'bad' | 'warn' }>> = {
  broken: { title: 'Broken', tone: 'bad' },
  unproven: { title: 'Not proven', tone: 'warn' },
  kept: { title: 'Kept', tone: 'good' },
};

/** The report as one file of HTML: every promise of every page, and what each persona got. */
export function auditHtml(report: AuditReport): string {
  const { counts, url, policy, startedAt, seconds, requests, targets, unaudited, remarks } = report;
  return htmlPage(`Audit of ${url}`, `${startedAt}, ${requests} requests in ${seconds} s, policy ${policy}`, [
    htmlFigures([
      { name: 'Result', value: report.ok ? 'ok' : 'BROKEN', tone: report.ok ? 'good' : 'bad' },
      { name: 'Kept', value: String(counts.kept), tone: 'good' },
      { name: 'Broken', value: String(counts.broken), tone: counts.broken === 0 ? 'good' : 'bad' },
      { name: 'Not proven', value: String(counts.unproven), tone: counts.unproven === 0 ? 'good' : 'warn' },
    ]),
    ...(remarks.length === 0 ? [] : [html`<h2>Remarks</h2>${bullets(remarks)}`]),
    ...(unaudited.length === 0
      ? []
      : [html`<h2>Not audited: routes without a path of their own</h2>${bullets(unaudited)}`]),
    ...targets.map(targetHtml),
  ]);
}

function targetHtml({ route, path, kind, scope, rows, checks }: TargetReport): Html {
  return html`<section>
<h2><code>${path}</code></h2>
<p class="subtitle">${route}, ${kind}${scope === null ? '' : ` by ${scope}`}</p>
${htmlTable(COLUMNS, rows.map(cellsOf))}
${(['broken', 'unproven', 'kept'] as const).map((verdict) => promises(verdict, checks))}</section>`;
}

function promises(verdict: Verdict, all: readonly Check[]): Html | string {
  const checks = all.filter((check) => check.verdict === verdict);
  if (checks.length === 0) return '';
  const { title, tone } = VERDICTS[verdict];
  return html`<details${verdict === 'kept' ? '' : OPEN}><summary class="${tone}">${title}: ${checks.length}</summary>
<ul>${checks.map(({ statement, evidence }) => html`<li>${statement}${evidence.length === 0 ? '' : bullets(evidence)}</li>\n`)}</ul></details>
`;
}

const OPEN = html` open`;

function bullets(lines: readonly string[]): Html {
  return html`<ul>${lines.map((line) => html`<li>${line}</li>\n`)}</ul>`;
}
