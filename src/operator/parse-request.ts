import * as v from 'valibot';
import { EdgeError } from '../errors.ts';

/**
 * Reads the JSON body of an operator's request. The schema is made for it: one that stays in memory would be walked by the garbage
 * collection after each visitor's request.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED; it says what was expected, for the operator alone.
 */
export function parseRequest<const Schema extends v.GenericSchema>(
  body: string,
  schema: () => Schema,
  expected: string,
): v.InferOutput<Schema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // The parser's own message quotes the body.
    throw malformed('the body is not JSON');
  }
  const result = v.safeParse(schema(), parsed);
  if (!result.success) throw malformed(`expected ${expected}`);
  return result.output;
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
