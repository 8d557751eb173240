import { CommanderError } from 'commander';
import { CliError } from './base/cli-error.ts';
import { EXIT, type ExitCode } from './base/exit-codes.ts';
import { bindOptionalUrl } from './base/parse-argv.ts';
import { processWorld, type World } from './base/world.ts';
import { createProgram } from './program.ts';

const UNEXPECTED = new CliError(
  'CLI_FAILED',
  'The command ended in a way that it should not.',
  'What stands on stderr tells where: report it.',
);

/** Runs one command line, without `node` and the script's name, and returns the exit status. */
export async function main(argv: readonly string[], world: World = processWorld()): Promise<ExitCode> {
  let status: ExitCode = EXIT.ok;
  const call = {
    world,
    exit(code: ExitCode) {
      status = code;
    },
  };
  const asJson = argv.includes('--json');
  try {
    await createProgram(call, asJson).parseAsync(bindOptionalUrl(argv), { from: 'user' });
    return status;
  } catch (error) {
    // Without --json commander has written its own message; help and version end in success.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      if (asJson) report(usageError(error), asJson, world);
      return EXIT.usage;
    }
    if (!(error instanceof CliError)) {
      // The stack goes to stderr, for whoever fixes it; who reads stdout gets the one document that was promised.
      if (asJson) report(UNEXPECTED, asJson, world);
      throw error;
    }
    report(error, asJson, world);
    return error.exitCode;
  }
}

function usageError({ message }: CommanderError): CliError {
  const text = message.replace(/^error: /, '');
  return new CliError(
    'CLI_USAGE',
    text === '(outputHelp)' ? 'A command is missing.' : text,
    'Add --help for the arguments.',
  );
}

function report(error: CliError, asJson: boolean, world: World): void {
  const { code, message, fix } = error;
  if (asJson) world.out(`${JSON.stringify({ ok: false, error: { code, message, fix } }, null, 2)}\n`);
  else world.err(`${world.isErrTty ? world.colors.red('error') : 'error'}: ${message}\n  ${fix}\n`);
}
