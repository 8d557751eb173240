import type { Command } from 'commander';

/** What stands behind an option, or in the place of an argument. */
export type ValueKind =
  | { readonly kind: 'none' | 'any' | 'file' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface OptionNode {
  /** `--json`, `-h`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: ValueKind;
}

/** One command of the tree, flat. */
export interface CommandNode {
  /** '' for the program itself, `keys import` for a command of a command. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionNode[];
  /** Of the first argument: the others are alike, or free text. */
  readonly argument: ValueKind;
}

/** The tree of a program as commander has it, so that no list beside it can grow old. */
export function commandTree(program: Command): readonly CommandNode[] {
  const nodes: CommandNode[] = [];
  const visit = (command: Command, path: string) => {
    const help = command.createHelp();
    const children = help.visibleCommands(command);
    nodes.push({
      path,
      commands: children.map((child) => ({ name: child.name(), description: child.description() })),
      options: help.visibleOptions(command).map((option) => ({
        flags: [option.short, option.long].filter((flag) => flag !== undefined),
        description: option.description,
        value:
          option.required || option.optional ? valueKind(option.flags, option.argChoices) : { kind: 'none' },
      })),
      argument: argumentKind(command),
    });
    for (const child of children) {
      if (child.name() !== 'help') visit(child, path === '' ? child.name() : `${path} ${child.name()}`);
    }
  };
  visit(program, '');
  return nodes;
}

function argumentKind({ registeredArguments: [first] }: Command): ValueKind {
  return first === undefined ? { kind: 'none' } : valueKind(`<${first.name()}>`, first.argChoices);
}

function valueKind(flags: string, choices: readonly string[] | undefined): ValueKind {
  if (choices !== undefined) return { kind: 'words', words: choices };
  return { kind: /[<[](?:file|path)\b/.test(flags) ? 'file' : 'any' };
}
