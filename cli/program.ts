import { Command } from 'commander';
import { packageVersion } from '../src/build/package-version.ts';
import { auditCommand } from './audit/audit-command.ts';
import type { Call } from './base/command.ts';
import { checkCommand } from './check/check-command.ts';
import { consoleCommand } from './console/console-command.ts';
import { devCommand } from './dev/dev-command.ts';
import { explainCommand } from './explain/explain-command.ts';
import { importCommand } from './import/import-command.ts';
import { initCommand } from './init/init-command.ts';
import { keysCommand } from './keys/keys-command.ts';
import { localCacheCommand } from './local-cache/local-cache-command.ts';
import { purgeCommand } from './purge/purge-command.ts';
import { revokeCommand } from './revoke/revoke-command.ts';
import { statsCommand } from './stats/stats-command.ts';
import { tokenCommand } from './token/token-command.ts';

const STATUSES = `
Exit status: 0 done; 1 done, and something failed; 2 usage or input; 3 not configured; 4 credential refused;
5 nobody answered; 130 interrupted. docs/reference/errors.md has more.`;

const COMMANDS = [
  initCommand,
  devCommand,
  purgeCommand,
  revokeCommand,
  explainCommand,
  checkCommand,
  tokenCommand,
  keysCommand,
  importCommand,
  auditCommand,
  statsCommand,
  consoleCommand,
  localCacheCommand,
];

/** The command line as a whole. `isSilent`: what is wrong with the arguments is told by whoever catches it. */
export function createProgram(call: Call, isSilent = false): Command {
  const program = new Command('claimcache')
    .description("The operator's tools of a claimcache service.")
    .version(packageVersion())
    .showHelpAfterError('(add --help for the arguments)')
    .addHelpText('after', STATUSES);
  for (const create of COMMANDS) program.addCommand(create(call));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    command.exitOverride().configureOutput({
      writeOut: call.world.out,
      writeErr: isSilent ? () => {} : call.world.err,
      getOutHelpWidth: () => call.world.columns,
      getErrHelpWidth: () => call.world.columns,
    });
  }
  return program;
}
