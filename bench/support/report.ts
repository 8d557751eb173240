import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { benchOptions } from './options.ts';

type Row = Readonly<Record<string, string | number>>;

interface Table {
  readonly title: string;
  readonly facts: object;
  readonly rows: readonly Row[];
}

const tables: Table[] = [];

/** Prints rows as a table; with `--json FILE` the file holds all tables of the run so far. */
export function report(title: string, rows: readonly Row[], facts: object = {}): void {
  console.log(`\n${title}\n`);
  const names = Object.keys(rows[0] ?? {});
  console.log(`| ${names.join(' | ')} |\n|${names.map(() => ' --- |').join('')}`);
  for (const row of rows) console.log(`| ${names.map((name) => row[name]).join(' | ')} |`);
  tables.push({ title, facts, rows });
  const { json } = benchOptions();
  if (json === null) return;
  const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model ?? '', node: process.version };
  writeFileSync(json, `${JSON.stringify({ date: new Date().toISOString(), machine, tables }, null, 2)}\n`);
}

/** What a run has to show. Prints each target with its verdict; one that is missed makes the command fail. */
export function targets(verdicts: Readonly<Record<string, boolean>>): void {
  console.log('');
  for (const [target, holds] of Object.entries(verdicts)) {
    console.log(`${holds ? 'holds ' : 'MISSED'}  ${target}`);
    if (!holds) process.exitCode = 1;
  }
}
