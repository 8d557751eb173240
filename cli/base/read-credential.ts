import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { CliError } from './cli-error.ts';
import type { World } from './world.ts';

/**
 * A token as it was given: `--token <jwt>`, `--token -` for the standard input, `--token-file <file>`. A leading `Bearer` and
 * white space around are left out.
 *
 * @throws {CliError} CLI_USAGE, CLI_INPUT. No message quotes the token.
 */
export async function readToken(
  { token, tokenFile }: { readonly token?: string | undefined; readonly tokenFile?: string | undefined },
  world: World,
): Promise<string | null> {
  if (token !== undefined && tokenFile !== undefined) {
    throw new CliError('CLI_USAGE', 'Two tokens were given.', 'One of --token, --token-file.');
  }
  if (token === undefined && tokenFile === undefined) return null;
  const raw =
    tokenFile !== undefined
      ? fileText(tokenFile, world.cwd)
      : token === '-'
        ? await text(world.stdin)
        : token;
  const read = (raw ?? '').trim().replace(/^bearer[ \t]+/i, '');
  if (read === '')
    throw new CliError('CLI_INPUT', 'The token is empty.', 'Is the file or the input the right one?');
  if (/[\s\0]/.test(read)) {
    throw new CliError('CLI_INPUT', 'The token has white space in it.', 'Give one token, and nothing else.');
  }
  return read;
}

/** A secret from a file or a pipe: the line break at its end comes from an editor or `echo`, and is no part of it. */
export function withoutLineEnd(secret: string): string {
  return secret.replace(/\r?\n$/, '');
}

/** The text of a file that a person named. @throws {CliError} CLI_INPUT */
export function fileText(file: string, cwd: string): string {
  try {
    return readFileSync(path.resolve(cwd, file), 'utf8');
  } catch (cause) {
    throw new CliError('CLI_INPUT', `${file} cannot be read.`, 'Name a file that exists.', { cause });
  }
}
