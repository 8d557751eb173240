import { decode, encode } from 'jose/base64url';
import type { Algorithm } from '../policy/providers/algorithm-names.ts';
import type { JsonWebKeyInput } from '../policy/providers/key-source.ts';
import { ALGORITHMS } from './algorithms.ts';
import { isCurve, isOnCurve } from './curve-point.ts';

/**
 * One key of a set, checked when it was loaded. Public members only, except for the secret of an HMAC key, in the one spelling of base64url: the
 * host ends the request, past every `catch`, over a key that it cannot take.
 */
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
  | 'rsa-modulus'
  | 'rsa-exponent'
  | 'ec-point'
  | 'okp-point'
  | 'hmac-too-short'
  | 'algorithm';

const MIN_RSA_BITS = 2048;
/** More than anybody needs; a modulus or exponent of a hostile size would cost seconds of CPU for each token. */
const MAX_RSA_BITS = 8192;
const MAX_EXPONENT_BYTES = 4;
const ED25519_BYTES = 32;
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
    if (typeof given[member] !== 'string') return 'incomplete';
    jwk[member] = given[member];
  }
  const problem = problemOf(jwk);
  if (problem !== null) return problem;
  const named = alg === 'Ed25519' ? 'EdDSA' : alg;
  const algorithms = algorithmsOf(jwk).filter((algorithm) => named === undefined || algorithm === named);
  return algorithms.length === 0 ? 'algorithm' : { id: kid ?? null, algorithms, jwk: respelt(jwk) };
}

function algorithmsOf(jwk: JsonWebKeyInput): readonly Algorithm[] {
  const secretBytes = jwk.kty === 'oct' ? bytesOf(jwk.k).length : 0;
  return (Object.keys(ALGORITHMS) as Algorithm[]).filter((algorithm) => {
    const facts = ALGORITHMS[algorithm];
    if (facts.kty !== jwk.kty || (facts.crv !== null && facts.crv !== jwk.crv)) return false;
    return facts.kty !== 'oct' || secretBytes >= facts.hashBytes;
  });
}

/** A key of another curve has no problem here: no algorithm takes it. */
function problemOf(jwk: JsonWebKeyInput): KeyProblem | null {
  switch (jwk.kty) {
    case 'oct':
      return bytesOf(jwk.k).length < ALGORITHMS.HS256.hashBytes ? 'hmac-too-short' : null;
    case 'RSA':
      return rsaProblem(jwk);
    case 'EC':
      return isCurve(jwk.crv) && !isOnCurve(jwk.crv, bytesOf(jwk.x), bytesOf(jwk.y)) ? 'ec-point' : null;
    default:
      return jwk.crv === 'Ed25519' && bytesOf(jwk.x).length !== ED25519_BYTES ? 'okp-point' : null;
  }
}

function rsaProblem({ n, e }: JsonWebKeyInput): KeyProblem | null {
  const modulus = withoutLeadingZeros(bytesOf(n));
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24);
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) return 'rsa-size';
  if (!isOdd(modulus)) return 'rsa-modulus';
  const exponent = withoutLeadingZeros(bytesOf(e));
  // An even exponent is no RSA key, and with 1 every text is its own signature.
  const isSound =
    exponent.length <= MAX_EXPONENT_BYTES && isOdd(exponent) && !(exponent.length === 1 && exponent[0] === 1);
  return isSound ? null : 'rsa-exponent';
}

function isOdd(bytes: Uint8Array): boolean {
  return (bytes[bytes.length - 1] ?? 0) % 2 === 1;
}

/** The numbers of a key in the spelling of RFC 7518: some issuers pad them, or write zeros in front of a modulus. */
function respelt({ kty, ...members }: JsonWebKeyInput): JsonWebKeyInput {
  const spelt = Object.entries(members).map(([member, value]) => {
    if (member === 'crv') return [member, value] as const;
    return [member, encode(kty === 'RSA' ? withoutLeadingZeros(bytesOf(value)) : bytesOf(value))] as const;
  });
  return { kty, ...Object.fromEntries(spelt) };
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
