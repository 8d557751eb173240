import { decode } from 'jose/base64url';
import type { Algorithm, JsonWebKeyInput } from '../policy/input-identity.ts';
import { ALGORITHMS } from './algorithms.ts';

/** One key of a set, checked when it was loaded. Public members only, except for the secret of an HMAC key. */
export interface VerificationKey {
  readonly id: string | null;
  /** Algorithms that this key may verify. */
  readonly algorithms: readonly Algorithm[];
  readonly jwk: JsonWebKeyInput;
}

/** Why a key cannot verify anything: a stable word for the log and for `claimcache keys check`. */
export type KeyProblem =
  | 'not-a-key'
  | 'key-type'
  | 'key-id'
  | 'not-for-signatures'
  | 'incomplete'
  | 'secret-in-public'
  | 'rsa-size'
  | 'rsa-exponent'
  | 'hmac-too-short'
  | 'algorithm';

const MIN_RSA_BITS = 2048;
/** More than anybody needs; a modulus or exponent of a hostile size would cost seconds of CPU for each token. */
const MAX_RSA_BITS = 8192;
const MAX_EXPONENT_BYTES = 4;
/** The members that make the public part of each key type (RFC 7518 section 6, RFC 8037 section 2). */
const MEMBERS = {
  oct: ['k'],
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
} as const;

/**
 * Checks one JWK and keeps what verifying needs; private members are left behind.
 *
 * @param publicOnly - The source is open to others: an HMAC secret found there is no secret.
 * @returns the key, or why it cannot verify anything.
 */
export function verificationKey(input: unknown, publicOnly: boolean): VerificationKey | KeyProblem {
  if (typeof input !== 'object' || input === null) return 'not-a-key';
  const given: Record<string, unknown> = { ...input };
  const { kty, kid, alg, use, key_ops: operations } = given;
  if (kty !== 'oct' && kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return 'key-type';
  if (kty === 'oct' && publicOnly) return 'secret-in-public';
  if (kid !== undefined && typeof kid !== 'string') return 'key-id';
  if (use !== undefined && use !== 'sig') return 'not-for-signatures';
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return 'not-for-signatures';
  }
  const jwk: Record<string, unknown> & { kty: string } = { kty };
  for (const member of MEMBERS[kty]) {
    if (typeof given[member] !== 'string' || given[member] === '') return 'incomplete';
    jwk[member] = given[member];
  }
  const weakness = kty === 'RSA' ? rsaProblem(jwk) : kty === 'oct' ? hmacProblem(jwk) : null;
  if (weakness !== null) return weakness;
  const named = alg === 'Ed25519' ? 'EdDSA' : alg;
  const algorithms = algorithmsOf(jwk).filter((algorithm) => named === undefined || algorithm === named);
  return algorithms.length === 0 ? 'algorithm' : { id: kid ?? null, algorithms, jwk };
}

function algorithmsOf(jwk: JsonWebKeyInput): readonly Algorithm[] {
  const secretBytes = jwk.kty === 'oct' ? bytesOf(jwk.k).length : 0;
  return (Object.keys(ALGORITHMS) as Algorithm[]).filter((algorithm) => {
    const facts = ALGORITHMS[algorithm];
    if (facts.kty !== jwk.kty || (facts.crv !== null && facts.crv !== jwk.crv)) return false;
    return facts.kty !== 'oct' || secretBytes >= facts.hashBytes;
  });
}

function hmacProblem({ k }: JsonWebKeyInput): KeyProblem | null {
  return bytesOf(k).length < ALGORITHMS.HS256.hashBytes ? 'hmac-too-short' : null;
}

function rsaProblem({ n, e }: JsonWebKeyInput): KeyProblem | null {
  const modulus = withoutLeadingZeros(bytesOf(n));
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24);
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) return 'rsa-size';
  const exponent = withoutLeadingZeros(bytesOf(e));
  const last = exponent[exponent.length - 1] ?? 0;
  // An even exponent is no RSA key, and with 1 every text is its own signature.
  const isSound =
    exponent.length <= MAX_EXPONENT_BYTES && last % 2 === 1 && !(exponent.length === 1 && last === 1);
  return isSound ? null : 'rsa-exponent';
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start < 0 ? new Uint8Array() : bytes.subarray(start);
}

function bytesOf(value: unknown): Uint8Array {
  try {
    return typeof value === 'string' ? decode(value) : new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}
