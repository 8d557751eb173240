import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from './cli-error.ts';
import type { World } from './world.ts';

/**
 * Writes what a command was told to write.
 *
 * @param file - Relative to where the command runs.
 * @throws {CliError} CLI_INPUT.
 */
export function writeOutput(world: World, file: string, text: string): void {
  try {
    writeFileSync(path.resolve(world.cwd, file), text);
  } catch (cause) {
    throw new CliError('CLI_INPUT', `${file} cannot be written.`, 'Name a file in a folder that exists.', {
      cause,
    });
  }
}
