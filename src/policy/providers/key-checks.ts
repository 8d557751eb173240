import { decode } from 'jose/base64url';
import type { Report } from '../policy-error.ts';
import { type Algorithm, type Encryption, isEncryption } from './algorithm-names.ts';
import { pointProblem } from './key-points.ts';
import type { JsonWebKeyInput, KeySourceInput } from './key-source.ts';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];
const MIN_RSA_BYTES = 256;
const MAX_RSA_BYTES = 1024;
const MAX_EXPONENT_BYTES = 4;

/** What kind of key (RFC 7518 section 6) each algorithm takes. */
export function keyTypeOf(algorithm: Algorithm): 'oct' | 'RSA' | 'EC' | 'OKP' {
  if (algorithm.startsWith('HS')) return 'oct';
  if (algorithm.startsWith('ES')) return 'EC';
  return algorithm === 'EdDSA' ? 'OKP' : 'RSA';
}

interface Keys {
  readonly algorithms: readonly (Algorithm | Encryption)[];
  readonly keys: KeySourceInput;
}

/** Combinations of algorithm and key that would let a token be forged, or could never verify one. */
export function keyProblems(at: string, provider: Keys, report: Report): void {
  // What is encrypted has checks of its own.
  const types = new Set(provider.algorithms.filter((name) => !isEncryption(name)).map(keyTypeOf));
  if (types.size === 0) return;
  const symmetric = types.has('oct');
  if (symmetric && types.size > 1) {
    report(
      'POLICY_ALGORITHM',
      `${at}.algorithms`,
      provider.algorithms,
      'HMAC beside a public-key algorithm invites algorithm confusion: make two providers of it.',
    );
    return;
  }
  const { keys } = provider;
  if ('configStore' in keys && symmetric) {
    report('POLICY_KEY', `${at}.keys`, keys, 'An HMAC key is a secret: put it in the Secret Store.');
  }
  if ('secretStore' in keys && keys.format === 'raw' && !symmetric) {
    report(
      'POLICY_KEY',
      `${at}.keys.format`,
      'raw',
      'Only an HMAC key can be raw. Use a JWK or JWKS: claimcache keys import FILE.',
    );
  }
  const inline = 'jwk' in keys ? [keys.jwk] : 'jwks' in keys ? keys.jwks.keys : [];
  for (const key of inline) inlineKeyProblems(`${at}.keys`, key, types, symmetric, report);
}

function inlineKeyProblems(
  at: string,
  key: JsonWebKeyInput,
  types: ReadonlySet<string>,
  symmetric: boolean,
  report: Report,
): void {
  if (symmetric) {
    report(
      'POLICY_KEY',
      at,
      key,
      key.kty === 'oct'
        ? 'A secret must not stand in the source: put it in the Secret Store.'
        : 'HMAC with a public key: anyone who knows the key could forge tokens. Use the algorithm of the key.',
    );
    return;
  }
  if (PRIVATE_MEMBERS.some((member) => member in key)) {
    report(
      'POLICY_KEY',
      at,
      key,
      'This is a private key. The edge needs the public part only: claimcache keys import FILE.',
    );
  } else if (!types.has(key.kty)) {
    report(
      'POLICY_KEY',
      `${at}.kty`,
      key.kty,
      `The algorithms of this provider need a key of type ${[...types].join(' or ')}.`,
    );
  } else if (key.kty === 'RSA') {
    rsaProblems(at, key, report);
  } else if (pointProblem(key) !== null) {
    report(
      'POLICY_KEY',
      `${at}.x`,
      key.kid ?? key.x,
      `This is no point of the curve ${String(key.crv)}: nothing could be verified. Take the key from its issuer again: claimcache keys check FILE.`,
    );
  }
}

function rsaProblems(at: string, { n, e }: JsonWebKeyInput, report: Report): void {
  const [modulus, exponent] = [numberBytes(n), numberBytes(e)];
  const isOdd = (bytes: Uint8Array) => (bytes.at(-1) ?? 0) % 2 === 1;
  if (modulus.length < MIN_RSA_BYTES) {
    report(
      'POLICY_KEY',
      `${at}.n`,
      `${modulus.length * 8} bits`,
      'RSA keys have at least 2048 bits (RFC 7518 section 3.3).',
    );
  } else if (modulus.length > MAX_RSA_BYTES || !isOdd(modulus)) {
    report(
      'POLICY_KEY',
      `${at}.n`,
      `${modulus.length * 8} bits`,
      'An RSA modulus is odd, and has at most 8192 bits here.',
    );
  }
  if (
    exponent.length > MAX_EXPONENT_BYTES ||
    !isOdd(exponent) ||
    (exponent.length === 1 && exponent[0] === 1)
  ) {
    report(
      'POLICY_KEY',
      `${at}.e`,
      e,
      'An RSA exponent is odd, at least 3 and has at most 4 bytes: mostly it is AQAB.',
    );
  }
}

/** The bytes of a number, without zeros in front; none where it cannot be read. */
function numberBytes(value: unknown): Uint8Array {
  try {
    const bytes = decode(String(value));
    const start = bytes.findIndex((byte) => byte !== 0);
    return start < 0 ? new Uint8Array() : bytes.subarray(start);
  } catch {
    return new Uint8Array();
  }
}
