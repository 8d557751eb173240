import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../base/cli-error.ts';

/** No configuration is longer than this, and nothing longer is read. */
const MOST_BYTES = 2 * 1024 * 1024;

export interface SourceFile {
  /** As it was given. */
  readonly name: string;
  readonly text: string;
}

/**
 * A file that somebody wrote, as text.
 *
 * @throws {CliError} CLI_INPUT where it cannot be read, is too long, or is no text.
 */
export function readSource(name: string, cwd: string): SourceFile {
  const file = path.resolve(cwd, name);
  const fail = (what: string, cause?: unknown) =>
    new CliError('CLI_INPUT', `${name} ${what}`, 'Give the file of the configuration.', { cause });
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES) throw fail(`has more than ${MOST_BYTES} bytes.`);
    bytes = readFileSync(file);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw fail('cannot be read.', cause);
  }
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw fail('is no UTF-8 text.', cause);
  }
}
