import { closeSync, fstatSync, openSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../base/cli-error.ts';

/**
 * The path of a log that a person named, before anything is shown or opened for it.
 *
 * @throws {CliError} CLI_INPUT where it is not there, may not be read, or is a folder.
 */
export function checkLog(name: string, cwd: string): string {
  const file = path.resolve(cwd, name);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new CliError(
      'CLI_INPUT',
      isMissing ? `${name} is not there.` : `${name} cannot be read.`,
      'Name the file that the log is written to.',
      { cause },
    );
  }
  const isFolder = fstatSync(descriptor).isDirectory();
  closeSync(descriptor);
  if (!isFolder) return file;
  throw new CliError('CLI_INPUT', `${name} is a folder.`, 'Name the file that the log is written to.');
}
