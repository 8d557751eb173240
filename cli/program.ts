import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { auditCommand } from './audit/audit-command.ts';
import type { Call } from './base/command.ts';
import { consoleCommand } from './console/console-command.ts';
import { keysCommand } from './keys/keys-command.ts';
import { purgeCommand } from './purge/purge-command.ts';
import { revokeCommand } from './revoke/revoke-command.ts';
import { statsCommand } from './stats/stats-command.ts';

/** The command line as a whole. */
export function createProgram(call: Call): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const program = new Command('claimcache')
    .description("The operator's tools of a claimcache service.")
    .version(version)
    .showHelpAfterError('(add --help for the arguments)');
  for (const create of [purgeCommand, revokeCommand, keysCommand, consoleCommand, statsCommand, auditCommand])
    program.addCommand(create(call));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    command.exitOverride().configureOutput({
      writeOut: call.world.out,
      writeErr: call.world.err,
      getOutHelpWidth: () => call.world.columns,
      getErrHelpWidth: () => call.world.columns,
    });
  }
  return program;
}
