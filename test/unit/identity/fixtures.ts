import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createIdentify, type IdentifyDeps } from '../../../src/identity/identify.ts';
import type { IdentityResult } from '../../../src/identity/identity.ts';
import type { Algorithm } from '../../../src/policy/providers/algorithm-names.ts';
import type { JsonWebKeyInput } from '../../../src/policy/providers/key-source.ts';
import { compileProviders, type Provider } from '../../../src/policy/providers/provider.ts';
import type { Scope } from '../../../src/policy/scopes/scope.ts';

/** The moment of every test. */
export const NOW_SECONDS = 1_800_000_000;
export const NOW_MS = NOW_SECONDS * 1000;

export const SECRET = 'a secret of at least sixty-four bytes, so that it will do for HS512 too.';

export interface Pair {
  readonly algorithm: Algorithm;
  readonly sign: Uint8Array | CryptoKey;
  readonly jwk: JsonWebKeyInput;
}

export async function pairFor(algorithm: Algorithm, kid = 'k1'): Promise<Pair> {
  if (algorithm.startsWith('HS')) {
    const sign = new TextEncoder().encode(SECRET);
    return { algorithm, sign, jwk: { kty: 'oct', kid, k: Buffer.from(sign).toString('base64url') } };
  }
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { algorithm, sign: privateKey, jwk: { ...jwk, kid, alg: algorithm } as JsonWebKeyInput };
}

export const CLAIMS = { sub: 'alice', iat: NOW_SECONDS - 60, exp: NOW_SECONDS + 600 };

export function sign(
  pair: Pair,
  claims: Record<string, unknown> = CLAIMS,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: pair.algorithm, kid: String(pair.jwk.kid), ...header })
    .sign(pair.sign);
}

/** What the policy leaves out has the defaults of the build. */
export function provider(pair: Pair, more: Partial<Provider> = {}): Provider {
  const [compiled] = compileProviders({ app: { algorithms: [pair.algorithm], keys: { jwk: pair.jwk } } });
  if (compiled === undefined) throw new Error('no provider');
  return { ...compiled, ...more };
}

export function scope(providers: readonly Provider[], more: Partial<Scope> = {}): Scope {
  return {
    name: 'user',
    claims: [['sub']],
    providers,
    shared: false,
    partScopes: [[]],
    parts: [],
    requiredClaims: [],
    assertedBy: null,
    ...more,
  };
}

export const NO_STORES: IdentifyDeps = {
  secret: async () => null,
  config: () => () => null,
  tokenBytes: 8192,
};

/** Identifies a request that carries `token` as Bearer. */
export function identifyBearer(
  token: string,
  providers: readonly Provider[],
  deps: IdentifyDeps = NO_STORES,
  nowMs = NOW_MS,
): Promise<IdentityResult> {
  const headers = new Headers({ authorization: `Bearer ${token}` });
  return createIdentify(deps)(headers, scope(providers), nowMs);
}
