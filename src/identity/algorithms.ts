import type { Algorithm } from '../policy/providers/algorithm-names.ts';

/** What one JWS algorithm asks of a key (RFC 7518 sections 3 and 6, RFC 8037). */
export interface AlgorithmFacts {
  readonly kty: 'oct' | 'RSA' | 'EC' | 'OKP';
  readonly crv: string | null;
  /** Hash length in bytes: an HMAC key has at least that (RFC 7518 section 3.2). */
  readonly hashBytes: number;
  /** Who verifies: the host's WebCrypto, or JavaScript because the host cannot, or not reliably. */
  readonly engine: 'host' | 'hmac' | 'pss' | 'ed25519';
  /** Length of a signature in bytes; null where the key decides. A blank or cut one is refused before any key. */
  readonly signatureBytes: number | null;
  /** Takes longer than a look into the edge cache, so that its outcome is worth keeping there. */
  readonly slow: boolean;
}

const hmac = (hashBytes: number): AlgorithmFacts => ({
  kty: 'oct',
  crv: null,
  hashBytes,
  engine: 'hmac',
  signatureBytes: hashBytes,
  slow: false,
});
const rsa = (hashBytes: number, engine: 'host' | 'pss'): AlgorithmFacts => ({
  kty: 'RSA',
  crv: null,
  hashBytes,
  engine,
  signatureBytes: null,
  slow: engine === 'pss',
});
const ecdsa = (crv: string, hashBytes: number, signatureBytes: number): AlgorithmFacts => ({
  kty: 'EC',
  crv,
  hashBytes,
  engine: 'host',
  signatureBytes,
  slow: true,
});

export const ALGORITHMS: Readonly<Record<Algorithm, AlgorithmFacts>> = {
  HS256: hmac(32),
  HS384: hmac(48),
  HS512: hmac(64),
  RS256: rsa(32, 'host'),
  RS384: rsa(48, 'host'),
  RS512: rsa(64, 'host'),
  PS256: rsa(32, 'pss'),
  PS384: rsa(48, 'pss'),
  PS512: rsa(64, 'pss'),
  ES256: ecdsa('P-256', 32, 64),
  ES384: ecdsa('P-384', 48, 96),
  ES512: ecdsa('P-521', 64, 132),
  EdDSA: { kty: 'OKP', crv: 'Ed25519', hashBytes: 64, engine: 'ed25519', signatureBytes: 64, slow: true },
};

/**
 * The algorithm of that name, if a policy allows it. `Ed25519` is the newer name (RFC 9864) of the only `EdDSA` here.
 * Names are compared exactly: `none`, `None` and `nOnE` are all unknown.
 */
export function allowedAlgorithm(name: string, allowed: readonly Algorithm[]): Algorithm | null {
  const wanted = name === 'Ed25519' ? 'EdDSA' : name;
  return allowed.find((algorithm) => algorithm === wanted) ?? null;
}
