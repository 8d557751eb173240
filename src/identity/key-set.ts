import { encode } from 'jose/base64url';
import type { Algorithm } from '../policy/input.ts';
import { type VerificationKey, verificationKey } from './verification-key.ts';

/** The keys of a provider that can verify something. */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
  /** Keys that were left out: weak, short, of an unknown kind, or beyond the bound. */
  readonly refused: number;
}

/** Providers publish a handful. What a set may hold beyond that would only cost time. */
const MAX_KEYS = 64;
/** A token without `kid` is tried with that many keys, no more. */
const MAX_TRIES = 4;

/**
 * Reads a JWK or a JWKS (RFC 7517 section 5). Members that cannot be used are left out, as the RFC asks.
 *
 * @returns null where the text is neither.
 */
export function parseKeySet(text: string): KeySet | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return null;
    if ('keys' in parsed) return Array.isArray(parsed.keys) ? keySetOf(parsed.keys) : null;
    return keySetOf([parsed]);
  } catch {
    return null;
  }
}

/** A secret for HMAC that stands in a store as it is: its UTF-8 bytes are the key. */
export function rawKeySet(secret: string): KeySet {
  return keySetOf([{ kty: 'oct', k: encode(secret) }]);
}

export function keySetOf(inputs: readonly unknown[]): KeySet {
  const keys = inputs.slice(0, MAX_KEYS).flatMap((input) => verificationKey(input) ?? []);
  return { keys, refused: inputs.length - keys.length };
}

/**
 * The keys to try. A key without an id takes any token; one with an id only tokens that name it. A token without
 * `kid` may be from any key of the right kind.
 */
export function candidateKeys(
  { keys }: KeySet,
  algorithm: Algorithm,
  keyId: string | null,
): readonly VerificationKey[] {
  const fitting = keys.filter((key) => key.algorithms.includes(algorithm));
  if (keyId === null) return fitting.slice(0, MAX_TRIES);
  const named = fitting.filter((key) => key.id === keyId);
  return [...named, ...fitting.filter((key) => key.id === null)].slice(0, MAX_TRIES);
}
