import { printable } from '../base/printable.ts';
import { type Column, tableLines } from '../base/table.ts';
import type { World } from '../base/world.ts';
import type { AuditReport, Check, Row, TargetReport } from './types.ts';

/** Of one promise; the JSON report has all. */
const MAX_EVIDENCE = 5;
/** Of what one persona got. */
export const COLUMNS: readonly Column[] = ['', 'lane', 'cache', 'status', 'ttl', 'Cache-Control'].map(
  (title) => ({
    title,
  }),
);

/** The report as a person reads it: what is broken in full, what was kept as a number. */
export function auditText(report: AuditReport, colors: World['colors']): string {
  const { counts, requests, seconds } = report;
  const lines = report.targets.flatMap((target) => [...targetLines(target, colors), '']);
  for (const pattern of report.unaudited)
    lines.push(colors.yellow(`not audited: ${pattern} (name a path: --path, or "paths" of the file)`));
  for (const remark of report.remarks) lines.push(colors.yellow(printable(remark)));
  const sum = `${counts.kept} promises kept, ${counts.broken} broken, ${counts.unproven} not proven`;
  lines.push(
    `${report.ok ? colors.green('ok') : colors.red('BROKEN')}: ${sum}; ${requests} requests in ${seconds} s`,
  );
  return `${lines.join('\n')}\n`;
}

function targetLines(
  { route, path, kind, scope, rows, checks }: TargetReport,
  colors: World['colors'],
): string[] {
  const kept = checks.filter(({ verdict }) => verdict === 'kept').length;
  return [
    `${colors.bold(printable(path))}  ${route}, ${kind}${scope === null ? '' : ` by ${scope}`}`,
    ...tableLines(COLUMNS, rows.map(cellsOf)).map((line) => `  ${line}`),
    ...checks
      .filter(({ verdict }) => verdict === 'broken')
      .flatMap((check) => checkLines(`✗ ${check.statement}`, check.evidence, colors.red)),
    ...alike(checks.filter(({ verdict }) => verdict === 'unproven')).flatMap(([title, evidence]) =>
      checkLines(`? ${title}`, evidence, colors.yellow),
    ),
    `  ${colors.green(`✓ ${kept} kept`)}`,
  ];
}

/** What could not be proven for one and the same reason is told once. */
function alike(checks: readonly Check[]): [string, readonly string[]][] {
  const byReason = new Map<string, Check[]>();
  for (const check of checks) {
    const reason = `${check.id} ${check.evidence.join('\n').replace(/ of \S+:/, '')}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), check]);
  }
  return [...byReason.values()].map(([first, ...rest]) => [
    `${first?.statement ?? ''}${rest.length === 0 ? '' : ` (and ${rest.length} more)`}`,
    first?.evidence ?? [],
  ]);
}

function checkLines(title: string, evidence: readonly string[], color: (text: string) => string): string[] {
  const shown = evidence.slice(0, MAX_EVIDENCE).map((line) => `      ${line}`);
  const more = evidence.length - shown.length;
  return [`  ${color(title)}`, ...shown, ...(more > 0 ? [`      … and ${more} more`] : [])];
}

/** What one persona got, by the titles of its columns. */
export function cellsOf({ persona, lane, states, status, ttlSeconds, cacheControl }: Row): string[] {
  return [
    persona,
    lane ?? 'unknown',
    states.map((state) => state ?? '-').join(' '),
    String(status),
    ttlSeconds === null ? '' : `${ttlSeconds} s`,
    cacheControl ?? '',
  ];
}
