import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { LocalKeys } from '../../scripts/local-keys.ts';
import { type Person, personOf } from './people.ts';

const AUDIENCE = 'claimcache-demo';
const ISSUERS = { app: 'https://app.demo.example', partner: 'https://partner.demo.example' } as const;
/** As the edge allows: what it has verified must not fail here. */
const CLOCK_TOLERANCE_SECONDS = 5;

export type ProviderName = keyof typeof ISSUERS;

export interface Tokens {
  /** `claims`: beside what the person is, or instead of it. */
  issue(
    person: Person,
    provider: ProviderName,
    expiresInSeconds: number,
    claims?: JWTPayload,
  ): Promise<string>;
  /** The person a token speaks for; null where it does not verify. */
  verify(token: string): Promise<Person | null>;
}

export function isProvider(name: unknown): name is ProviderName {
  return typeof name === 'string' && Object.hasOwn(ISSUERS, name);
}

export function createTokens(
  keys: Pick<LocalKeys, 'appSecret' | 'partnerPrivateJwk' | 'partnerJwks'>,
): Tokens {
  const appKey = new TextEncoder().encode(keys.appSecret);
  const partnerKey = importJWK(keys.partnerPrivateJwk, 'RS256');
  const partnerKeys = createLocalJWKSet(keys.partnerJwks);
  const common = { audience: AUDIENCE, clockTolerance: CLOCK_TOLERANCE_SECONDS };

  async function verified(token: string): Promise<JWTPayload> {
    // Each issuer with its own algorithm and key: a token never chooses.
    try {
      const rules = { ...common, issuer: ISSUERS.app, algorithms: ['HS256'] };
      return (await jwtVerify(token, appKey, rules)).payload;
    } catch {
      const rules = { ...common, issuer: ISSUERS.partner, algorithms: ['RS256'] };
      return (await jwtVerify(token, partnerKeys, rules)).payload;
    }
  }

  return {
    async issue(person, provider, expiresInSeconds, claims = {}) {
      const nowSeconds = Math.floor(Date.now() / 1000);
      const token = new SignJWT({
        tenant: person.tenant,
        role: person.role,
        sub: person.sub,
        iss: ISSUERS[provider],
        aud: AUDIENCE,
        jti: randomUUID(),
        iat: nowSeconds,
        exp: nowSeconds + expiresInSeconds,
        ...claims,
      });
      if (provider === 'app') return token.setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(appKey);
      const { kid } = keys.partnerPrivateJwk;
      const header = { alg: 'RS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) };
      return token.setProtectedHeader(header).sign(await partnerKey);
    },

    async verify(token) {
      try {
        const { sub } = await verified(token);
        return personOf(sub ?? '') ?? null;
      } catch {
        return null;
      }
    },
  };
}
