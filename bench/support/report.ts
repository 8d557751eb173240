import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Prints rows as a table, and with `--json FILE` writes them. */
export function report(
  title: string,
  rows: readonly Record<string, string | number>[],
  facts: object = {},
): void {
  console.log(`\n${title}\n`);
  const names = Object.keys(rows[0] ?? {});
  console.log(`| ${names.join(' | ')} |\n|${names.map(() => ' --- |').join('')}`);
  for (const row of rows) console.log(`| ${names.map((name) => row[name]).join(' | ')} |`);
  const { values } = parseArgs({ options: { json: { type: 'string' } }, strict: false });
  if (typeof values.json === 'string') {
    writeFileSync(values.json, `${JSON.stringify({ title, ...facts, rows }, null, 2)}\n`);
  }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
