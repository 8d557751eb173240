import { sha256 } from '@noble/hashes/sha2.js';
import { EdgeError } from '../errors.ts';
import type { ReadonlyFields } from '../types.ts';

/**
 * Admits the operator: `Authorization: Bearer <operator token>`.
 *
 * @throws {EdgeError} ERR_NOT_FOUND where no operator token is configured (the endpoints are off), and
 *   ERR_OPERATOR_REQUIRED where the request has another one or none.
 */
export function authorizeOperator(headers: ReadonlyFields, operatorToken: string | null): void {
  const expected = operatorToken?.trim() ?? '';
  if (expected === '') throw new EdgeError('ERR_NOT_FOUND');
  const sent = /^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '';
  if (!equalInConstantTime(sent, expected)) throw new EdgeError('ERR_OPERATOR_REQUIRED');
}

/** Compares digests, so that neither the length nor a common beginning shows in the time it takes. */
function equalInConstantTime(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  const left = sha256(encoder.encode(a));
  const right = sha256(encoder.encode(b));
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}
