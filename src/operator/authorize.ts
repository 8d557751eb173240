import { equalInConstantTime } from '../crypto/equal.ts';
import { MIN_SECRET_LENGTH } from '../crypto/min-secret-length.ts';
import { EdgeError } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';

/**
 * Admits the operator: `Authorization: Bearer <operator token>`.
 *
 * @throws {EdgeError} ERR_NOT_FOUND where no operator token is configured, or a short one (the endpoints are off), and
 *   ERR_OPERATOR_REQUIRED where the request has another one or none.
 */
export function authorizeOperator(headers: ReadonlyFields, operatorToken: string | null): void {
  const expected = operatorToken?.trim() ?? '';
  if (expected === '') throw new EdgeError('ERR_NOT_FOUND');
  if (expected.length < MIN_SECRET_LENGTH) {
    const cause = new Error(`operator_token has fewer than ${MIN_SECRET_LENGTH} characters`);
    throw new EdgeError('ERR_NOT_FOUND', { cause });
  }
  if (!isOperator(headers, operatorToken)) throw new EdgeError('ERR_OPERATOR_REQUIRED');
}

/** Whether the request has the operator's token. */
export function isOperator(headers: ReadonlyFields, operatorToken: string | null): boolean {
  const expected = operatorToken?.trim() ?? '';
  const sent = /^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '';
  return expected.length >= MIN_SECRET_LENGTH && equalInConstantTime(sent, expected);
}
