import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { decode } from 'jose/base64url';
import type { JsonWebKeyInput } from './key-source.ts';

const CURVES = {
  'P-256': { curve: p256, bytes: 32 },
  'P-384': { curve: p384, bytes: 48 },
  'P-521': { curve: p521, bytes: 66 },
} as const;

/**
 * What a kept library says of the point of a key; null where it has nothing against it, or the key has none. For the build and the command: the edge asks
 * the curve's equation alone, without the weight of the library.
 */
export function pointProblem({ kty, crv, x, y }: JsonWebKeyInput): 'ec-point' | 'okp-point' | null {
  if (kty === 'EC' && typeof crv === 'string' && Object.hasOwn(CURVES, crv)) {
    const { curve, bytes } = CURVES[crv as keyof typeof CURVES];
    return isPoint(() => {
      const [a, b] = [bytesOf(x), bytesOf(y)];
      if (a.length !== bytes || b.length !== bytes) throw new Error('length');
      curve.Point.fromBytes(Uint8Array.from([4, ...a, ...b])).assertValidity();
    })
      ? null
      : 'ec-point';
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    // A point of small order verifies what nobody signed.
    return isPoint(() => {
      const point = ed25519.Point.fromBytes(bytesOf(x));
      point.assertValidity();
      if (point.isSmallOrder()) throw new Error('small order');
    })
      ? null
      : 'okp-point';
  }
  return null;
}

function isPoint(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

function bytesOf(value: unknown): Uint8Array {
  return decode(String(value));
}
