import { EdgeError } from '../errors.ts';

type Check = (value: unknown) => boolean;

/** What the JSON object of an operator's request may say. */
export interface RequestShape {
  /** What each member has to be; there are no others. */
  readonly members: Readonly<Record<string, Check>>;
  /** Which of them stand together. */
  readonly required: readonly (readonly string[])[];
  /** Which may stand beside them. */
  readonly optional: readonly string[];
}

/**
 * Reads the JSON body of an operator's request. Checks of one line do it: a library's schemas would be walked by the garbage collection
 * after each visitor's request.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED; it says what was expected, for the operator alone.
 */
export function parseRequest<Read>(body: string, shape: RequestShape, expected: string): Read {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // The parser's own message quotes the body.
    throw malformed('the body is not JSON');
  }
  if (!hasShape(parsed, shape)) throw malformed(`expected ${expected}`);
  return parsed as Read;
}

function hasShape(input: unknown, { members, required, optional }: RequestShape): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const given = Object.entries(input);
  if (!given.every(([name, value]) => Object.hasOwn(members, name) && members[name]?.(value))) return false;
  const names = given.map(([name]) => name).filter((name) => !optional.includes(name));
  return required.some((all) => all.length === names.length && all.every((name) => names.includes(name)));
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isText(value: unknown, maxLength = Number.POSITIVE_INFINITY): value is string {
  return typeof value === 'string' && value.length <= maxLength;
}

/** Of at most so many items. */
export function isListOf(value: unknown, isItem: Check, maxLength: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= maxLength && value.every((item) => isItem(item));
}

/**
 * An order of the operator that cannot be followed.
 *
 * @param why - For the log: it quotes nothing of the order.
 * @param detail - For the operator, who has sent it. Default: the same.
 */
export function malformed(
  why: string,
  detail = `${why.slice(0, 1).toUpperCase()}${why.slice(1)}.`,
): EdgeError {
  return new EdgeError('ERR_REQUEST_MALFORMED', { cause: new Error(why), detail });
}
