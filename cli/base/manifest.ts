import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { CliError } from './cli-error.ts';
import { projectFolder } from './project.ts';

/**
 * fastly.toml, parsed; null where there is none.
 *
 * @throws {CliError} CLI_CONFIG where it is not TOML.
 */
export function readManifest(file: string | undefined, cwd: string): TomlTable | null {
  const absolute =
    file === undefined ? path.join(projectFolder(cwd), 'fastly.toml') : path.resolve(cwd, file);
  let text: string;
  try {
    text = readFileSync(absolute, 'utf8');
  } catch (cause) {
    if (file === undefined) return null;
    throw new CliError('CLI_CONFIG', `${file} cannot be read.`, 'Name a fastly.toml that exists.', { cause });
  }
  try {
    return parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw new CliError(
      'CLI_CONFIG',
      `${file ?? 'fastly.toml'} is not valid TOML: ${why}`,
      'Correct the file.',
      {
        cause,
      },
    );
  }
}
