import { encode } from 'jose/base64url';
import type { Algorithm } from '../policy/providers/algorithm-names.ts';
import { type KeyProblem, type VerificationKey, verificationKey } from './verification-key.ts';

/** The keys of a provider that can verify something. */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
  /** Keys that were left out, by their place in the set. */
  readonly refused: readonly RefusedKey[];
}

export interface RefusedKey {
  readonly index: number;
  readonly kid: string | null;
  readonly problem: KeyProblem | 'too-many';
}

/** Providers publish a handful. What a set may hold beyond that would only cost time. */
const MAX_KEYS = 128;
/** A token without `kid` is tried with that many keys, no more. */
const MAX_TRIES = 4;

/**
 * Reads a JWK or a JWKS (RFC 7517 section 5). Members that cannot be used are left out, as the RFC asks.
 *
 * @param publicOnly - The text stands where others can read it: HMAC secrets in it are refused.
 * @returns null where the text is neither.
 */
export function parseKeySet(text: string, publicOnly: boolean): KeySet | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return null;
    if ('keys' in parsed) return Array.isArray(parsed.keys) ? keySetOf(parsed.keys, publicOnly) : null;
    return 'kty' in parsed ? keySetOf([parsed], publicOnly) : null;
  } catch {
    return null;
  }
}

/** A secret for HMAC that stands in a store as it is: its UTF-8 bytes are the key. */
export function rawKeySet(secret: string): KeySet {
  return keySetOf([{ kty: 'oct', k: encode(secret) }], false);
}

/** Keys by what they are, without a text around them. */
export function keySetOf(inputs: readonly unknown[], publicOnly: boolean): KeySet {
  const keys: VerificationKey[] = [];
  const refused: KeySet['refused'][number][] = [];
  for (const [index, input] of inputs.entries()) {
    const key = keys.length < MAX_KEYS ? verificationKey(input, publicOnly) : 'too-many';
    if (typeof key === 'string') refused.push({ index, kid: kidOf(input), problem: key });
    else keys.push(key);
  }
  return { keys, refused };
}

function kidOf(input: unknown): string | null {
  const kid = typeof input === 'object' && input !== null && 'kid' in input ? input.kid : null;
  return typeof kid === 'string' ? kid : null;
}

/** Why the key that a token names was left out; null where none of that name was. */
export function problemOfKey({ refused }: KeySet, keyId: string | null): RefusedKey['problem'] | null {
  if (keyId === null) return null;
  return refused.find(({ kid }) => kid === keyId)?.problem ?? null;
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
  const named: VerificationKey[] = [];
  const nameless: VerificationKey[] = [];
  // A loop: of a hundred keys all but one are left at their id.
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as VerificationKey;
    if (keyId !== null && key.id !== null && key.id !== keyId) continue;
    if (key.algorithms.includes(algorithm)) (keyId !== null && key.id === null ? nameless : named).push(key);
  }
  return [...named, ...nameless].slice(0, MAX_TRIES);
}
