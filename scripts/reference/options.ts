import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command, Option } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { root } from '../root.ts';
import { cell, tagOf } from './doc-comment.ts';
import { declarationsOf } from './source.ts';

/** Every command with its arguments and options, as `--help` shows them: the page `reference/options.md`. */
export function optionsPage(): string {
  const world = { out: () => {}, err: () => {}, columns: 80 };
  const call = { world, exit: () => {} } as unknown as Parameters<typeof createProgram>[0];
  const program = createProgram(call);
  const leaves = program.commands.flatMap((command) =>
    command.commands.length === 0 ? [command] : command.commands,
  );
  return [
    '# Options of the commands',
    'Made from the command itself by `npm run docs:reference`. What they do, with examples: [The command line](commands.md).',
    ...leaves.map(sectionOf),
    '',
  ].join('\n\n');
}

function sectionOf(command: Command): string {
  const help = command.createHelp();
  const usage = help.commandUsage(command);
  const rows = [
    ...command.registeredArguments.map((argument) => [
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
      help.argumentDescription(argument),
    ]),
    ...command.options.filter(({ hidden }) => !hidden).map((option) => [option.flags, described(option)]),
  ].map(([name = '', text = '']) => `| \`${cell(name)}\` | ${cell(text)} |`);
  const table = rows.length === 0 ? '' : ['| | |', '| --- | --- |', ...rows].join('\n');
  const name = usage.replace(/ [[<].*$/, '');
  const text = sentence(command.description());
  return [`## ${name}`, text, `\`\`\`text\n${usage}\n\`\`\``, table, remarksOf(command)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** More about a command: `@remarks` of the function that makes it. */
function remarksOf(command: Command): string {
  const name = command.name();
  const camel = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const file = `cli/${name}/${name}-command.ts`;
  const node = existsSync(path.join(root, file)) && declarationsOf(file).get(`${camel}Command`);
  return node ? tagOf(node, 'remarks') : '';
}

function described(option: Option): string {
  const isShown =
    option.defaultValue !== undefined &&
    typeof option.defaultValue !== 'object' &&
    option.defaultValue !== false;
  const standard = isShown
    ? ` Default: \`${option.defaultValueDescription ?? String(option.defaultValue)}\`.`
    : '';
  const choices =
    option.argChoices === undefined
      ? ''
      : ` One of ${option.argChoices.map((choice) => `\`${choice}\``).join(', ')}.`;
  return `${option.description}${option.mandatory ? ' (required)' : ''}${choices}${standard}`;
}

const sentence = (text: string) =>
  text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
