import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CliError } from '../base/cli-error.ts';
import type { World } from '../base/world.ts';

/** The lines of a file, or of standard input for `-`. Empty lines are left out. */
export async function* readLines(file: string, world: World): AsyncGenerator<{ text: string; line: number }> {
  const input = file === '-' ? world.stdin : createReadStream(path.resolve(world.cwd, file));
  let line = 0;
  try {
    // readline does not pass on an error of its input.
    const failed = new Promise<never>((_, reject) => input.once('error', reject));
    failed.catch(() => {});
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await Promise.race([lines.next(), failed]);
      if (done) return;
      line++;
      // A file that Windows wrote begins with a byte order mark.
      const text = line === 1 ? value.replace(/^\uFEFF/, '') : value;
      if (text.trim() !== '') yield { text, line };
    }
  } catch (cause) {
    throw new CliError(
      'CLI_INPUT',
      `${file} cannot be read.`,
      'Name a file that exists, or - for standard input.',
      {
        cause,
      },
    );
  }
}
