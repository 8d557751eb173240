import { toHex } from '../crypto/hex.ts';

/** The curves of ES256, ES384 and ES512 (RFC 7518 section 6.2.1.1), `y² = x³ - 3x + b` modulo `p` (FIPS 186-5, SP 800-186 section 3.2.1). */
const CURVES = {
  'P-256': {
    bytes: 32,
    p: '0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
    b: '0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b',
  },
  'P-384': {
    bytes: 48,
    p: '0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
    b: '0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef',
  },
  'P-521': {
    bytes: 66,
    p: `0x1ff${'f'.repeat(128)}`,
    b: '0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00',
  },
} as const;

export type CurveName = keyof typeof CURVES;

export function isCurve(name: unknown): name is CurveName {
  return typeof name === 'string' && Object.hasOwn(CURVES, name);
}

/**
 * Whether two coordinates are a point of the curve, each in its full length. The host ends the request over a key that is none, past every
 * `catch`, so it is asked before. Some 20 multiplications, once a key.
 */
export function isOnCurve(name: CurveName, xBytes: Uint8Array, yBytes: Uint8Array): boolean {
  const curve = CURVES[name];
  if (xBytes.length !== curve.bytes || yBytes.length !== curve.bytes) return false;
  const [p, x, y] = [BigInt(curve.p), integerOf(xBytes), integerOf(yBytes)];
  if (x >= p || y >= p) return false;
  return (y * y - (x * x * x - 3n * x + BigInt(curve.b))) % p === 0n;
}

function integerOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`);
}
