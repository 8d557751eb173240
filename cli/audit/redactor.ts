import { printable } from '../base/printable.ts';
import type { Check, Personas, TargetReport } from './types.ts';

/** Below this a text is no secret, and would tear holes into the report. */
const MIN_SECRET = 8;

/**
 * Takes credentials and markers out of a report, whatever field of an answer they came in with: a hostile or careless site may repeat them
 * in a header that the report quotes. What remains moves no cursor.
 */
export function createRedactor({
  users,
  editor,
  groupMarkers,
}: Personas): (report: TargetReport) => TargetReport {
  const secrets = [...users, editor].flatMap(({ name, credential, second, markers }) => [
    ...[credential, second ?? {}]
      .flatMap((each) => Object.values(each).flatMap(partsOf))
      .map((secret) => [secret, `[credential of ${name}]`] as const),
    ...markers.map((marker, i) => [marker, `[marker ${i + 1} of ${name}]`] as const),
  ]);
  for (const [group, markers] of groupMarkers) {
    for (const [i, marker] of markers.entries())
      secrets.push([marker, `[marker ${i + 1} of the group ${group}]`] as const);
  }
  // The longest first: a shorter one may be part of it.
  secrets.sort(([a], [b]) => b.length - a.length);
  const clean = (text: string) =>
    printable(secrets.reduce((rest, [secret, name]) => rest.replaceAll(secret, name), text));
  const check = ({ id, statement, verdict, evidence }: Check): Check => ({
    id,
    statement,
    verdict,
    evidence: evidence.map(clean),
  });
  return (report) => ({
    ...report,
    rows: report.rows.map((row) => ({
      ...row,
      cacheControl: row.cacheControl === null ? null : clean(row.cacheControl),
    })),
    checks: report.checks.map(check),
  });
}

/** The value, and what it is made of; the names of cookies are no secret. */
function partsOf(value: string): string[] {
  const values = value.split(/[\s;]+/).map((pair) => pair.replace(/^[\w-]+=/, ''));
  return [value, ...values, ...values.flatMap((each) => each.split('.'))].filter(
    ({ length }) => length >= MIN_SECRET,
  );
}
