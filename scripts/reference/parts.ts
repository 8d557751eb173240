import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { REASON_TEXTS } from '../../src/explain/texts.ts';
import { surrogateKey } from '../../src/keys/surrogate-key.ts';
import type { ScopeValue } from '../../src/policy/claims/claim-path.ts';
import {
  KNOWN_FAILURES,
  NOT_COUNTED,
  SKIPPED,
  SKIPPED_BY_READTHROUGH,
} from '../../test/cache-tests/known-failures.ts';
import { MEMORY_SKIPS } from '../../test/conformance/support/memory-skips.ts';
import { FAULTS } from '../../test/faults.ts';
import { GUARANTEES } from '../../test/guarantees.ts';
import { root } from '../root.ts';
import { cell, docOf } from './doc-comment.ts';
import { type Documented, markdownTable, membersOf, propertiesOf, tableOf, textsOf } from './documented.ts';
import { providerTable } from './provider-presets.ts';
import { declarationsOf } from './source.ts';

const BEGIN = '[//]: # "Made by npm run docs:reference"';
const END = '[//]: # "End"';
const PART = new RegExp(`(?<=\\n)${escaped(BEGIN)}\n[\\s\\S]*?\n${escaped(END)}(?=\n)`, 'g');

/** Tables made from the code in pages that are written by hand, in the order of the page. */
const PARTS: Readonly<Record<string, readonly (() => string)[]>> = {
  'docs/how-to/operations.md': [switchTable],
  'docs/how-to/audit.md': [usersTable, auditTable],
  'docs/how-to/graphql.md': [graphqlTable],
  'docs/migrate/README.md': [migrations],
  'docs/how-to/identity-providers.md': [providerTable],
  'docs/proof/conformance.md': [memorySkipTable, knownFailureTable],
  'docs/proof/faults.md': [() => faultTable('origin'), () => faultTable('client'), () => faultTable('store')],
  'docs/concepts/purging.md': [keyRules, keyExamples],
  'docs/concepts/security.md': [guaranteeTable],
  'docs/reference/commands.md': [commandTable, statsTable, environmentTable],
};

/** Pages written by hand with the parts that are made from the code, by file. */
export const pagesWithParts = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(PARTS).map(([file, parts]) => [
      file,
      withParts(file, readFileSync(path.join(root, file), 'utf8'), parts),
    ]),
  );

function withParts(file: string, text: string, parts: readonly (() => string)[]): string {
  const places = text.match(PART)?.length ?? 0;
  if (places !== parts.length)
    throw new Error(
      `${file} has ${places} places for parts that are made from the code, not ${parts.length}.`,
    );
  let i = 0;
  return text.replaceAll(PART, () => [BEGIN, '', parts[i++]?.(), '', END].join('\n'));
}

function escaped(text: string): string {
  return text.replaceAll(/[/[\]()#]/g, '\\$&');
}

const rowsOf = (found: readonly Documented[]) =>
  found.map(({ name, text }) => [name.replaceAll("'", ''), text] as const);

const quoted = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(', ');

function switchTable(): string {
  const rows = membersOf('src/lanes/switches.ts', 'SwitchItems').map(({ name, text, node }) => {
    const [, type = ''] = /:\s*([^;]*);?$/.exec(node.getText()) ?? [];
    const values = type === 'string' ? 'any text' : type.replaceAll("'", '`').replaceAll(' |', ',');
    return [name.replaceAll("'", ''), values, text] as const;
  });
  return tableOf(['item', 'value', 'effect'], rows);
}

function graphqlTable(): string {
  const rows = Object.entries(REASON_TEXTS).filter(([reason]) => reason.startsWith('graphql-'));
  return tableOf(['`reason`', 'request'], rows);
}

function usersTable(): string {
  const file = 'cli/audit/users-schema.ts';
  const members = (name: string, prefix: string) =>
    propertiesOf(file, name).map((one) => ({ ...one, name: `${prefix}${one.name}` }));
  return tableOf(
    ['setting', ''],
    rowsOf([...members('USER', 'users[].'), ...members('CREDENTIAL', 'users[].'), ...members('FILE', '')]),
  );
}

function auditTable(): string {
  return tableOf(['check', 'promise'], rowsOf(textsOf('cli/audit/types.ts', 'CheckId')));
}

const EXAMPLES: readonly (readonly [scope: string, ...values: ScopeValue[]])[] = [
  ['user', '42'],
  ['user', 42],
  ['user', 'auth0|abc'],
  ['user', 'é'],
  ['team', 'acme', 'member'],
  ['staff', ['admin', 'editor']],
  ['staff', 'acme', ['admin', 'editor']],
];

function keyRules(): string {
  const declared = declarationsOf('src/keys/surrogate-key.ts');
  return ['surrogateKey', 'routeKey', 'urlKey', 'entityKey', 'anyEntityKey']
    .flatMap((name) => declared.get(name) ?? [])
    .map((node) => `- ${docOf(node).replaceAll('\n', '\n  ')}`.replaceAll(/ +$/gm, ''))
    .join('\n');
}

function keyExamples(): string {
  return markdownTable(
    ['scope', 'values', 'key'],
    EXAMPLES.map(([scope, ...values]) => [
      scope,
      quoted(values.map((value) => cell(JSON.stringify(value)))),
      quoted([surrogateKey(scope, values)]),
    ]),
  );
}

function faultTable(of: keyof typeof FAULTS): string {
  return markdownTable(
    ['Fault', 'Result', 'Test'],
    FAULTS[of].map(({ fault, result, tests }) => [cell(fault), cell(result), quoted(tests)]),
  );
}

function guaranteeTable(): string {
  return markdownTable(
    ['#', 'Guarantee', 'Tests'],
    GUARANTEES.map(({ text, tests }, i) => [i + 1, cell(text), quoted(tests)]),
  );
}

/** The pages beside it that begin with "From", by their titles. */
function migrations(): string {
  const folder = path.join(root, 'docs/migrate');
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const [, title] = /^# (From .*)$/m.exec(readFileSync(path.join(folder, file), 'utf8')) ?? [];
      return title === undefined ? [] : [`- [${title}](${file})`];
    })
    .join('\n');
}

function memorySkipTable(): string {
  return tableOf(
    ['File', 'Test', 'Reason'],
    MEMORY_SKIPS.map(({ file, test, why }) => [file, test, why] as const),
  );
}

function knownFailureTable(): string {
  const counted = (tests: Readonly<Record<string, string>>, outcome: string) =>
    [...new Set(Object.values(tests))].map((why) => {
      const names = Object.keys(tests).filter((name) => tests[name] === why);
      return [names.join('`, `'), outcome, why] as const;
    });
  const skipped = Object.entries({ ...SKIPPED, ...SKIPPED_BY_READTHROUGH });
  return tableOf(
    ['test', '', 'reason'],
    [
      ...counted(KNOWN_FAILURES, 'fails'),
      ...counted(NOT_COUNTED, 'does not count'),
      ...skipped.map(([why, names]) => [names.join('`, `'), 'skipped', why] as const),
    ],
  );
}

function commandTable(): string {
  const world = { out: () => {}, err: () => {}, columns: 80 };
  const program = createProgram({ world, exit: () => {} } as unknown as Parameters<typeof createProgram>[0]);
  const leaves = program.commands.flatMap((command: Command) =>
    command.commands.length === 0
      ? [[command.name(), command] as const]
      : command.commands.map((one) => [`${command.name()} ${one.name()}`, one] as const),
  );
  return markdownTable(
    ['command', ''],
    leaves.map(([name, command]) => [
      `[${quoted([name])}](options.md#claimcache-${name.replaceAll(' ', '-')})`,
      cell(command.description()),
    ]),
  );
}

function statsTable(): string {
  const file = 'cli/stats/stats-report.ts';
  const members = ['Shares', 'Totals', 'RouteStats'].flatMap((name) => membersOf(file, name));
  const first = members.filter(({ name }, i) => members.findIndex((other) => other.name === name) === i);
  return tableOf(['number', ''], rowsOf(first));
}

function environmentTable(): string {
  return tableOf(['variable', ''], rowsOf(membersOf('cli/base/environment.ts', 'Environment')));
}
