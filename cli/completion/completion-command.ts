import { Argument, Command } from 'commander';
import { type Call, present } from '../base/command.ts';
import { bashScript } from './bash-script.ts';
import { commandTree } from './command-tree.ts';
import { fishScript } from './fish-script.ts';
import { zshScript } from './zsh-script.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof SCRIPTS;

const EXAMPLES = `
Examples:
  source <(claimcache completion bash)                                  this shell; in ~/.bashrc: every one
  claimcache completion zsh > ~/.zfunc/_claimcache                      with fpath+=~/.zfunc before compinit
  claimcache completion fish > ~/.config/fish/completions/claimcache.fish`;

/** `claimcache completion`: a script for a shell, made of the commands as they are. No process runs at the Tab key. */
export function completionCommand({ world }: Call): Command {
  const command = new Command('completion')
    .description('Print the script that completes this command in a shell.')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .option('--json', 'print the script within JSON')
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell, options: { readonly json?: boolean }) => {
      const program = command.parent ?? command;
      const script = SCRIPTS[shell](program.name(), commandTree(program));
      present(world, options.json, { ok: true, shell, script }, () => script);
    });
  return command;
}
