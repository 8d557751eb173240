import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../base/cli-error.ts';
import type { World } from '../base/world.ts';
import type { FoundSecret } from './draft.ts';

/** Writes a file; what is there is kept, unless somebody has said otherwise. */
export async function writePolicy(
  file: string,
  text: string,
  isForced: boolean,
  world: World,
): Promise<void> {
  const absolute = path.resolve(world.cwd, file);
  if (existsSync(absolute) && !isForced) {
    const answer =
      world.isInTty && world.isErrTty ? await world.ask(`${file} is there. Overwrite it? [y/N] `) : null;
    if (answer === null || !/^y(?:es)?$/i.test(answer.trim())) {
      throw new CliError(
        'CLI_INPUT',
        `${file} is there, and was left as it is.`,
        'Name another file with --out, or add --force.',
      );
    }
    return write(absolute, file, text, 'w');
  }
  // Where it has come up meanwhile, it is kept too.
  return write(absolute, file, text, isForced ? 'w' : 'wx');
}

/** Each secret in a file of its own, in a folder that git ignores. Returns the names of the files. */
export function writeSecrets(
  folder: string,
  secrets: readonly FoundSecret[],
  isForced: boolean,
  world: World,
): readonly string[] {
  const absolute = path.resolve(world.cwd, folder);
  const known = secrets.filter(({ value }) => value !== null);
  if (known.length === 0) return [];
  mkdirSync(absolute, { recursive: true, mode: 0o700 });
  const ignore = path.join(absolute, '.gitignore');
  if (!existsSync(ignore)) write(ignore, path.join(folder, '.gitignore'), '*\n', 'wx');
  return known.map(({ item, value }) => {
    const shown = path.join(folder, item);
    write(path.join(absolute, item), shown, value ?? '', isForced ? 'w' : 'wx', 0o600);
    return shown;
  });
}

function write(absolute: string, shown: string, text: string, flag: 'w' | 'wx', mode = 0o644): void {
  try {
    writeFileSync(absolute, text, { flag, mode });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const fix = isThere ? 'Name another place, or add --force.' : 'Create its folder, or name another place.';
    throw new CliError(
      'CLI_INPUT',
      `${shown} ${isThere ? 'is there, and was left as it is' : 'cannot be written'}.`,
      fix,
      { cause },
    );
  }
}
