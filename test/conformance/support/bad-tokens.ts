import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { alice, bob, logIn } from './people.ts';

/** Every way for a token not to be one, by name. Each was, or pretends to be, a token of Alice. */
export const BAD_TOKENS: Readonly<Record<string, () => Promise<string>>> = {
  'has expired': () => logIn(alice, { expiresInSeconds: -60 }),
  'names another subject under the old signature': async () => {
    const [header, payload = '', signature] = (await logIn(bob)).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return [header, encoded({ ...claims, sub: alice.sub }), signature].join('.');
  },
  'expires later than it was signed to': async () => {
    const [header, payload = '', signature] = (await logIn(alice, { expiresInSeconds: -60 })).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return [header, encoded({ ...claims, exp: claims.exp + 86_400 }), signature].join('.');
  },
  "has another token's signature": async () => {
    const [ofAlice, ofBob] = [(await logIn(alice)).split('.'), (await logIn(bob)).split('.')];
    return [ofAlice[0], ofAlice[1], ofBob[2]].join('.');
  },
  'has no signature': async () => `${(await logIn(alice)).split('.').slice(0, 2).join('.')}.`,
  'says that it needs no signature': async () => {
    const [, payload] = (await logIn(alice)).split('.');
    return `${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.`;
  },
  'is signed by somebody else': () => signedWith(randomBytes(32)),
  'is signed with an empty key': () => signedWith(new Uint8Array(32)),
  'comes from another issuer': async () => signedWith(randomBytes(32), { iss: 'https://elsewhere.example' }),
  'has an algorithm that its provider does not use': async () => {
    const [, payload, signature] = (await logIn(alice, { provider: 'partner' })).split('.');
    return `${encoded({ alg: 'HS256', typ: 'JWT' })}.${payload}.${signature}`;
  },
  'is no token at all': async () => 'not-a-token',
  'has too many parts': async () => `${await logIn(alice)}.extra`,
};

async function signedWith(key: Uint8Array, claims: Record<string, string> = {}): Promise<string> {
  return new SignJWT({ tenant: alice.tenant, role: alice.role, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(alice.sub)
    .setIssuer(claims.iss ?? 'https://app.demo.example')
    .setAudience('claimcache-demo')
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(key);
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
