import { hkdfSync } from 'node:crypto';
import { encode } from '@auth/core/jwt';
import { EncryptJWT } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { createIdentify, type IdentifyDeps } from '../../../src/identity/identify.ts';
import { authjs } from '../../../src/identity/presets/authjs.ts';
import { compileProviders, type ProviderInput } from '../../../src/policy/providers/provider.ts';
import { NO_STORES, scope } from './fixtures.ts';

const NAME = '__Secure-authjs.session-token';
const SECRET = 'the secret of an Auth.js application, 32 bytes or more';
const OTHER = 'another secret of the same application, 32 bytes or more';
const nowMs = Date.now();

const [app] = compileProviders({ app: authjs() });
if (app === undefined) throw new Error('no provider');

/** Sessions as the library makes them. */
const session = (token: object = { sub: 'alice' }, secret: string | string[] = SECRET, salt = NAME) =>
  encode({ token, secret, salt, maxAge: 3600 });

function identifyWith(held: string | null, providers: readonly ProviderInput[] = [authjs()]) {
  const secret = vi.fn(async () => held);
  const deps: IdentifyDeps = { ...NO_STORES, secret };
  const identify = createIdentify(deps);
  const compiled = providers.flatMap((input, i) => compileProviders({ [`p${i}`]: input }));
  return (cookie: string, at = nowMs) => identify(new Headers({ cookie }), scope(compiled), at);
}

const ask = (cookie: string, held: string | null = SECRET) => identifyWith(held)(cookie);
const codeOf = async (cookie: string, held?: string) => {
  const result = await ask(cookie, held);
  return 'code' in result ? result.code : result.kind;
};

/** A JWE of our own: what no library makes, but somebody who has the secret could. */
async function forged(
  header: Record<string, unknown>,
  claims: Record<string, unknown> = { sub: 'alice', exp: Math.floor(nowMs / 1000) + 600 },
): Promise<string> {
  const bytes = header.enc === 'A256GCM' ? 32 : 64;
  const key = new Uint8Array(
    hkdfSync('sha256', SECRET, NAME, `Auth.js Generated Encryption Key (${NAME})`, bytes),
  );
  return new EncryptJWT(claims).setProtectedHeader(header as { alg: 'dir'; enc: string }).encrypt(key);
}

describe('a session of Auth.js', () => {
  it('is who its claims say', async () => {
    const token = await session({ sub: 'alice', email: 'alice@example.com', team: { id: 'red' } });
    expect(await ask(`${NAME}=${token}`)).toMatchObject({
      kind: 'verified',
      identity: {
        algorithm: 'A256CBC-HS512',
        keyId: null,
        claims: { sub: 'alice', email: 'alice@example.com', team: { id: 'red' } },
        credentialSource: { kind: 'cookies', name: NAME, names: [NAME] },
      },
    });
  });

  it('comes in chunks where it is long', async () => {
    const token = await session({ sub: 'alice', about: 'x'.repeat(4000) });
    const chunks = [token.slice(0, 3936), token.slice(3936)].map((text, i) => `${NAME}.${i}=${text}`);
    expect(await ask(chunks.join('; '))).toMatchObject({ kind: 'verified' });
    expect(await codeOf(chunks.toReversed().join('; '))).toBe('ERR_TOKEN_MALFORMED');
    expect(await codeOf(`${chunks.join('; ')}; ${NAME}=${token}`)).toBe('ERR_CREDENTIAL_AMBIGUOUS');
  });

  it('of a site without HTTPS has another cookie, which is part of the key', async () => {
    const token = await session({ sub: 'alice' }, SECRET, 'authjs.session-token');
    expect(await ask(`authjs.session-token=${token}`)).toMatchObject({ kind: 'verified' });
    expect(await codeOf(`${NAME}=${token}`)).toBe('ERR_TOKEN_SIGNATURE');
  });

  it('of NextAuth 4 has A256GCM, no salt and names of its own', async () => {
    const key = new Uint8Array(hkdfSync('sha256', SECRET, '', 'NextAuth.js Generated Encryption Key', 32));
    const token = await new EncryptJWT({ sub: 'alice' })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .encrypt(key);
    const old = identifyWith(SECRET, [authjs({ version: 4 })]);
    for (const name of ['__Secure-next-auth.session-token', 'next-auth.session-token'])
      expect(await old(`${name}=${token}`)).toMatchObject({
        kind: 'verified',
        identity: { algorithm: 'A256GCM', claims: { sub: 'alice' } },
      });
    const broken = `${token.slice(0, -3)}${token.slice(-3) === 'AAA' ? 'BBB' : 'AAA'}`;
    expect(await old(`next-auth.session-token=${broken}`)).toMatchObject({ kind: 'invalid' });
  });

  it('is opened by any secret of a list, and by none that has left it', async () => {
    const [old, young] = [await session({ sub: 'alice' }, OTHER), await session({ sub: 'alice' }, SECRET)];
    for (const token of [old, young])
      expect(await ask(`${NAME}=${token}`, JSON.stringify([SECRET, OTHER]))).toMatchObject({
        kind: 'verified',
      });
    expect(await codeOf(`${NAME}=${old}`, SECRET)).toBe('ERR_TOKEN_SIGNATURE');
  });

  it('is decrypted once, until the secrets change', async () => {
    let held = SECRET;
    const identify = createIdentify({ ...NO_STORES, secret: async () => held });
    const headers = new Headers({ cookie: `${NAME}=${await session()}` });
    const digest = vi.spyOn(crypto.subtle, 'digest');
    const asked = async () => {
      digest.mockClear();
      const result = await identify(headers, scope([app]), nowMs);
      return [result.kind, digest.mock.calls.length];
    };
    expect((await asked())[1]).toBeGreaterThan(2);
    expect(await asked()).toEqual(['verified', 0]);
    held = OTHER;
    expect((await asked())[0]).toBe('invalid');
    expect(await asked()).toEqual(['invalid', 0]);
    digest.mockRestore();
  });

  it('ends with its exp, though it is remembered', async () => {
    const identify = identifyWith(SECRET);
    const cookie = `${NAME}=${await session()}`;
    expect(await identify(cookie)).toMatchObject({ kind: 'verified' });
    expect(await identify(cookie, nowMs + 3_700_000)).toMatchObject({ code: 'ERR_TOKEN_EXPIRED' });
  });
});

describe('an encrypted token is refused', () => {
  const enc = 'A256CBC-HS512';

  it('where it is read otherwise than it is written', async () => {
    expect(await codeOf(`${NAME}=${await forged({ alg: 'dir', enc })}`)).toBe('verified');
    expect(await codeOf(`${NAME}=${await forged({ alg: 'dir', enc: 'A256GCM' })}`)).toBe(
      'ERR_TOKEN_ALGORITHM',
    );
    const header = (more: object) => Buffer.from(JSON.stringify(more)).toString('base64url');
    const [, ...rest] = (await forged({ alg: 'dir', enc })).split('.');
    for (const more of [{ zip: 'DEF' }, { crit: ['exp'] }, { b64: false }, { kid: 1 }, { typ: 1 }])
      expect(await codeOf(`${NAME}=${[header({ alg: 'dir', enc, ...more }), ...rest].join('.')}`)).toBe(
        'ERR_TOKEN_MALFORMED',
      );
    for (const alg of ['A256KW', 'RSA-OAEP', 'none', 'HS256', enc])
      expect(await codeOf(`${NAME}=${[header({ alg, enc }), ...rest].join('.')}`), alg).toBe(
        'ERR_TOKEN_ALGORITHM',
      );
  });

  it('where one bit of any part is another', async () => {
    const parts = (await session()).split('.');
    for (const at of [0, 2, 3, 4]) {
      const text = parts[at] ?? '';
      const middle = Math.floor(text.length / 2);
      const other = text[middle] === 'A' ? 'B' : 'A';
      const changed = parts.with(at, `${text.slice(0, middle)}${other}${text.slice(middle + 1)}`);
      expect((await ask(`${NAME}=${changed.join('.')}`)).kind).toBe('invalid');
    }
    for (const changed of [
      parts.with(1, 'AAAA'),
      parts.with(4, (parts[4] ?? '').slice(0, 22)),
      [...parts, 'A'],
    ])
      expect((await ask(`${NAME}=${changed.join('.')}`)).kind).toBe('invalid');
  });

  it('where it does not say when it ends, or what it says is no object', async () => {
    expect(await codeOf(`${NAME}=${await forged({ alg: 'dir', enc }, { sub: 'alice' })}`)).toBe(
      'ERR_TOKEN_CLAIM',
    );
    const late = { sub: 'alice', exp: Math.floor(nowMs / 1000) - 1 };
    expect(await codeOf(`${NAME}=${await forged({ alg: 'dir', enc }, late)}`)).toBe('ERR_TOKEN_EXPIRED');
  });

  it('where there is no secret, or one that could be guessed: nobody is anonymous then', async () => {
    const cookie = `${NAME}=${await session()}`;
    expect(await ask(cookie, null)).toMatchObject({ kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' });
    expect(await ask(cookie, 'short')).toMatchObject({ kind: 'unavailable' });
    expect(await ask(cookie, '[1,2]')).toMatchObject({ kind: 'unavailable' });
  });

  it('in the place of a signed one, and a signed one in its place', async () => {
    const signed = `e30.${Buffer.from('{"sub":"alice"}').toString('base64url')}.AAAA`;
    expect(await codeOf(`${NAME}=${signed}`)).toBe('ERR_TOKEN_MALFORMED');
    const jws: ProviderInput = {
      credentials: [{ cookie: NAME, format: 'chunked' }],
      algorithms: ['HS256'],
      keys: { secretStore: 's', item: 'i', format: 'raw' },
    };
    expect(await identifyWith(SECRET, [jws])(`${NAME}=${await session()}`)).toMatchObject({
      code: 'ERR_TOKEN_MALFORMED',
    });
  });
});
