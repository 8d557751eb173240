import type { Expression, Program } from 'acorn';
import { CliError } from '../base/cli-error.ts';
import type { SourceFile } from './read-source.ts';

/** Nested deeper than this nobody writes a configuration, and a parser that calls itself has its limits. */
const MOST_DEPTH = 200;

/**
 * A file of JavaScript or TypeScript as a syntax tree. Nothing in it is run.
 *
 * @throws {CliError} CLI_INPUT with line and column.
 */
export async function parseScript({ name, text }: SourceFile): Promise<Program> {
  const { Parser } = await import('acorn');
  const { tsPlugin } = await import('@sveltejs/acorn-typescript');
  const parser = Parser.extend(tsPlugin({ jsx: true }));
  return guarded(name, text, () =>
    parser.parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true }),
  );
}

/**
 * A JSON document as the expression that it is, so that every value has its line.
 *
 * @throws {CliError} CLI_INPUT where it is no JSON.
 */
export async function parseJson({ name, text }: SourceFile): Promise<Expression> {
  const { parseExpressionAt } = await import('acorn');
  const plain = text.replace(/^\uFEFF/, '');
  guarded(name, plain, () => JSON.parse(plain));
  return guarded(name, plain, () => parseExpressionAt(plain, 0, { ecmaVersion: 'latest', locations: true }));
}

function guarded<T>(name: string, text: string, parse: () => T): T {
  if (depthOf(text) > MOST_DEPTH) {
    const fix = 'Correct the file, or give the whole of it.';
    throw new CliError('CLI_INPUT', `${name} is nested more than ${MOST_DEPTH} levels deep.`, fix);
  }
  try {
    return parse();
  } catch (cause) {
    const why = cause instanceof SyntaxError ? cause.message : 'it cannot be parsed';
    throw new CliError('CLI_INPUT', `${name}: ${why.slice(0, 200)}`, 'Correct the file.', { cause });
  }
}

/** How deep brackets stand in each other, whatever they stand in: too many is told before anything recurses. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const char of text) {
    if ('[{('.includes(char)) most = Math.max(most, ++depth);
    else if (']})'.includes(char)) depth = Math.max(0, depth - 1);
  }
  return most;
}
