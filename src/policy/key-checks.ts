import type { Algorithm, JsonWebKeyInput, ProviderInput } from './input-identity.ts';
import type { Report } from './policy-error.ts';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];
const MIN_RSA_BYTES = 256;

/** What kind of key (RFC 7518 section 6) each algorithm takes. */
export function keyTypeOf(algorithm: Algorithm): 'oct' | 'RSA' | 'EC' | 'OKP' {
  if (algorithm.startsWith('HS')) return 'oct';
  if (algorithm.startsWith('ES')) return 'EC';
  return algorithm === 'EdDSA' ? 'OKP' : 'RSA';
}

/** Combinations of algorithm and key that would let a token be forged, or could never verify one. */
export function keyProblems(at: string, provider: ProviderInput, report: Report): void {
  const types = new Set(provider.algorithms.map(keyTypeOf));
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
  } else if (key.kty === 'RSA' && rsaBytes(key.n) < MIN_RSA_BYTES) {
    report(
      'POLICY_KEY',
      `${at}.n`,
      `${rsaBytes(key.n) * 8} bits`,
      'RSA keys have at least 2048 bits (RFC 7518 section 3.3).',
    );
  }
}

/** Length of the modulus in bytes, from its base64url form. */
function rsaBytes(modulus: unknown): number {
  return typeof modulus === 'string' ? Math.floor((modulus.replace(/^A+/, '').length * 3) / 4) : 0;
}
