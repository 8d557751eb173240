import { pathToFileURL } from 'node:url';
import type { PolicyInput } from '../policy/policy.ts';

/** A file that holds no policy: what is wrong with it, and how to fix it. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
  readonly fix: string;

  constructor(message: string, fix: string, options?: { cause?: unknown }) {
    super(message, options);
    this.fix = fix;
  }
}

/**
 * The policy as it stands in a file now, not compiled yet.
 *
 * @param file - Absolute.
 * @param shown - Its name in messages.
 * @param load - How modules are imported, where not by Node as it is.
 * @throws {PolicyFileError} where it cannot be read, or exports none.
 */
export async function readPolicy(
  file: string,
  shown: string,
  load: (url: string) => Promise<{ default?: PolicyInput }> = (url) => import(/* @vite-ignore */ url),
): Promise<PolicyInput> {
  let input: PolicyInput | undefined;
  try {
    input = defaultOf(await load(pathToFileURL(file).href));
  } catch (cause) {
    const fix = 'Correct the file, or name another one.';
    throw new PolicyFileError(`${shown} cannot be read: ${whyOf(cause)}`, fix, { cause });
  }
  if (input === undefined) {
    const fix = 'The file has to say `export default definePolicy({ … })`.';
    throw new PolicyFileError(`${shown} has no default export.`, fix);
  }
  return input;
}

/** In a package that is not of `"type": "module"` a default export is the one of CommonJS, which holds the written one. */
function defaultOf(module: { default?: PolicyInput }): PolicyInput | undefined {
  const exported: unknown = module.default;
  const isWhole = typeof exported === 'object' && exported !== null && 'default' in exported;
  return (isWhole ? exported.default : exported) as PolicyInput | undefined;
}

/** What is wrong, in a line. Of a syntax error that is the second: file, line, column. */
function whyOf(cause: unknown): string {
  const lines = cause instanceof Error ? cause.message.split('\n') : [];
  return lines.find((line) => !line.startsWith('Transform failed')) ?? '';
}
