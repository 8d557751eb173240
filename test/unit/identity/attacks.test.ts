import { createHmac } from 'node:crypto';
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../../src/policy/providers/algorithm-names.ts';
import type { JsonWebKeyInput } from '../../../src/policy/providers/key-source.ts';
import type { Provider } from '../../../src/policy/providers/provider.ts';
import {
  CLAIMS,
  identifyBearer,
  NO_STORES,
  NOW_SECONDS,
  pairFor,
  provider,
  SECRET,
  sign,
} from './fixtures.ts';

const hs = await pairFor('HS256');
const rs = await pairFor('RS256');
const ec = await pairFor('ES256');
const HS = [provider(hs)];

const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token whose header and payload are the given texts, with a true HMAC: what a careless issuer could sign. */
function hmacToken(header: unknown, payload: unknown, key: string | Buffer = SECRET): string {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

async function codeOf(token: string, providers: readonly Provider[] = HS): Promise<string> {
  const result = await identifyBearer(token, providers);
  return 'code' in result ? result.code : result.kind;
}

const HEADER = { alg: 'HS256', kid: 'k1' };

describe('algorithm confusion', () => {
  it('none is refused in every spelling, with and without a signature', async () => {
    const [, , tail] = (await sign(hs)).split('.');
    for (const alg of ['none', 'None', 'NONE', 'nOnE', 'none ', '', 'null']) {
      const unsigned = `${b64({ alg })}.${b64(CLAIMS)}`;
      expect(await codeOf(`${unsigned}.`)).toBe('ERR_TOKEN_MALFORMED');
      expect(await codeOf(unsigned)).toBe('ERR_TOKEN_MALFORMED');
      expect(await codeOf(`${unsigned}.${tail}`)).toBe('ERR_TOKEN_ALGORITHM');
    }
  });

  it('an HMAC with the text of the public key as secret is refused', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' } as JsonWebKeyInput;
    const pem = await exportSPKI(publicKey);
    const providers = [provider({ algorithm: 'RS256', sign: privateKey, jwk })];
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), String(jwk.n)]) {
      expect(await codeOf(hmacToken(HEADER, CLAIMS, secret), providers)).toBe('ERR_TOKEN_ALGORITHM');
      // Even where a policy were to allow both, the type of the key decides.
      const careless = [
        provider({ algorithm: 'RS256', sign: privateKey, jwk }, { algorithms: ['RS256', 'HS256'] }),
      ];
      expect(await codeOf(hmacToken(HEADER, CLAIMS, secret), careless)).toBe('ERR_KEY_UNKNOWN');
    }
  });

  it('an algorithm of another family, size or padding than the policy’s is refused', async () => {
    const tokens: [Algorithm, Algorithm][] = [
      ['HS512', 'HS256'],
      ['PS256', 'RS256'],
      ['RS256', 'PS256'],
      ['ES384', 'ES256'],
    ];
    for (const [used, allowed] of tokens) {
      const pair = await pairFor(used);
      expect(await codeOf(await sign(pair), [provider(pair, { algorithms: [allowed] })])).toBe(
        'ERR_TOKEN_ALGORITHM',
      );
    }
  });

  it('a key serves no algorithm but its own', async () => {
    const jwk = { ...rs.jwk, alg: 'PS256' };
    expect(await codeOf(await sign(rs), [provider({ ...rs, jwk })])).toBe('ERR_KEY_UNKNOWN');
    expect(await codeOf(await sign(rs), [provider({ ...rs, jwk: ec.jwk })])).toBe('ERR_KEY_UNKNOWN');
  });
});

describe('headers that bring a key or change the meaning', () => {
  it.each([
    ['crit', ['exp']],
    ['crit', ['jku']],
    ['crit', []],
    ['b64', false],
    ['b64', true],
    ['zip', 'DEF'],
  ])('%s %j is refused', async (name, value) => {
    expect(await codeOf(hmacToken({ ...HEADER, [name]: value }, CLAIMS))).toBe('ERR_TOKEN_MALFORMED');
  });

  const BRINGS: readonly (readonly [string, unknown])[] = [
    ['jku', 'https://evil.example/jwks.json'],
    ['jku', 'not a url'],
    ['x5u', 'https://evil.example/cert'],
    ['x5c', ['MIIB']],
    ['x5t', 'AAAA'],
    ['x5t#S256', 'AAAA'],
    ['jwk', { kty: 'oct', k: b64('another secret of at least thirty-two bytes') }],
    ['jwk', null],
    ['jku', 42],
  ];

  it.each(BRINGS)('%s %j is ignored beside a good signature', async (name, value) => {
    expect(await codeOf(hmacToken({ ...HEADER, [name]: value }, CLAIMS))).toBe('verified');
  });

  it.each(BRINGS)('%s %j chooses no key, and nobody is asked for one', async (name, value) => {
    const asked: string[] = [];
    const fetchKeys = async ({ url }: { url: string }) => {
      asked.push(url);
      return JSON.stringify({ keys: [rs.jwk] });
    };
    const remote = {
      ...provider(rs),
      keys: {
        kind: 'remote',
        backend: 'idp',
        url: 'https://idp.example/jwks',
        issuer: null,
        ttlSeconds: 300,
        keepSeconds: 3600,
        cooldownSeconds: 30,
        timeoutMs: 1000,
      },
    } as const;
    const stranger = await pairFor('RS256');
    const result = await identifyBearer(await sign(stranger, CLAIMS, { [name]: value }), [remote], {
      ...NO_STORES,
      fetchKeys,
    });
    expect(result).toEqual({ kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' });
    expect(asked).toEqual(['https://idp.example/jwks']);
  });

  it('a token signed with the key that it brings is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const header of [{ jwk }, { jwk, kid: 'k1' }, { jwk: { ...jwk, kid: 'k1' }, kid: 'k1' }]) {
      const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(CLAIMS)))
        .setProtectedHeader({ alg: 'RS256', ...header })
        .sign(privateKey);
      expect(await codeOf(token, [provider(rs)])).toBe('ERR_TOKEN_SIGNATURE');
    }
  });

  it('a kid is only ever compared', async () => {
    for (const kid of [
      '__proto__',
      'constructor',
      '../../dev/null',
      "' OR 1=1 --",
      '*',
      'K1',
      'k1\u0000',
      '',
    ]) {
      expect(await codeOf(hmacToken({ ...HEADER, kid }, CLAIMS))).toBe('ERR_KEY_UNKNOWN');
    }
    for (const kid of [1, null, ['k1'], { k: 1 }, true]) {
      expect(await codeOf(hmacToken({ ...HEADER, kid }, CLAIMS))).toBe('ERR_TOKEN_MALFORMED');
    }
  });
});

describe('keys that prove nothing', () => {
  const jwks = (...keys: unknown[]) => ({
    ...provider(hs),
    keys: { kind: 'secretStore', store: 's', item: 'i', format: 'jwk' } as const,
    text: JSON.stringify({ keys }),
  });

  it('a blank or short HMAC key is not loaded, and no token verifies', async () => {
    for (const k of ['', 'AA', b64('x'.repeat(31))]) {
      const { text, ...one } = jwks({ kty: 'oct', kid: 'k1', k });
      const token = hmacToken(HEADER, CLAIMS, Buffer.from(k, 'base64url'));
      const result = await identifyBearer(token, [one], { ...NO_STORES, secret: async () => text });
      expect(result).toMatchObject({ kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' });
    }
    const raw = {
      ...provider(hs),
      keys: { kind: 'secretStore', store: 's', item: 'i', format: 'raw' } as const,
    };
    for (const secret of ['', 'short', 'x'.repeat(31)]) {
      const result = await identifyBearer(hmacToken({ alg: 'HS256' }, CLAIMS, secret), [raw], {
        ...NO_STORES,
        secret: async () => secret,
      });
      expect(result).toMatchObject({ kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' });
    }
  });

  it('an HMAC key as long as SHA-256 verifies HS256, not HS512', async () => {
    const secret = 'x'.repeat(32);
    const pair = {
      algorithm: 'HS512' as const,
      sign: Buffer.from(secret),
      jwk: { ...hs.jwk, k: b64(secret) },
    };
    expect(await codeOf(await sign(pair), [provider(pair)])).toBe('ERR_KEY_UNKNOWN');
    const short = { ...pair, algorithm: 'HS256' as const };
    expect(await codeOf(await sign(short), [provider(short)])).toBe('verified');
  });

  it('an HMAC secret in a Config Store, which is no place for secrets, is not loaded', async () => {
    const open = { ...provider(hs), keys: { kind: 'configStore', store: 's', item: 'i' } as const };
    const result = await identifyBearer(await sign(hs), [open], {
      ...NO_STORES,
      config: () => () => JSON.stringify({ keys: [hs.jwk] }),
    });
    expect(result).toMatchObject({ kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' });
  });

  it('an RSA key with exponent 1, with which every text signs itself, is not loaded', async () => {
    for (const e of ['AQ', 'Ag', 'AAAAAQ']) {
      expect(await codeOf(await sign(rs), [provider({ ...rs, jwk: { ...rs.jwk, e } })])).toBe(
        'ERR_KEY_UNKNOWN',
      );
    }
  });
});

describe('a token has one spelling', () => {
  it('a signature with unused bits set is refused', async () => {
    const token = await sign(hs);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.slice(-1));
    for (const bits of [1, 2, 3]) {
      expect(await codeOf(`${token.slice(0, -1)}${alphabet[last | bits]}`)).toBe('ERR_TOKEN_MALFORMED');
    }
  });

  it('padding, white space, the other alphabet and extra parts are refused', async () => {
    const token = await sign(hs);
    const [head, body, tail] = token.split('.');
    const spellings = [
      `${token}=`,
      `${token}.`,
      `.${token}`,
      `${token}.AA`,
      `${head}. ${body}.${tail}`,
      `${head}.${body}=.${tail}`,
      `${head}..${tail}`,
      `${head}.${body}.${tail}\u00a0`,
      `${head}.${body}.+/${tail?.slice(2)}`,
      `${head}.${body}`,
      'x',
      '..',
    ];
    for (const text of spellings) expect(await codeOf(text)).toBe('ERR_TOKEN_MALFORMED');
  });

  it('a member named twice is refused, however it is spelled', async () => {
    const exp = NOW_SECONDS + 600;
    const payloads = [
      `{"sub":"alice","exp":${exp},"sub":"bob"}`,
      `{"sub":"alice","exp":${exp},"\\u0073ub":"bob"}`,
      `{"sub":"alice","exp":${exp},"a":{"x":1,"x":2}}`,
      `{"sub":"alice","exp":${exp},"a":[{"x":1,"x":2}]}`,
    ];
    for (const payload of payloads)
      expect(await codeOf(hmacToken(HEADER, payload))).toBe('ERR_TOKEN_MALFORMED');
    expect(await codeOf(hmacToken('{"alg":"HS256","alg":"none"}', CLAIMS))).toBe('ERR_TOKEN_MALFORMED');
    const fine = `{"sub":"a:b\\":\\\\","exp":${exp},"a":{"x":":"},"b":{"x":[":",{"x":1}]}}`;
    expect(await codeOf(hmacToken(HEADER, fine))).toBe('verified');
  });

  it('a payload that is no JSON object, or no UTF-8, is refused', async () => {
    for (const payload of ['null', '[]', '"x"', '1', 'x', '{', ' {"exp":1}', '', '{"exp":1}x']) {
      expect(await codeOf(hmacToken(HEADER, payload))).toBe('ERR_TOKEN_MALFORMED');
    }
    const input = `${b64(HEADER)}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}`;
    const signature = createHmac('sha256', SECRET).update(input).digest('base64url');
    expect(await codeOf(`${input}.${signature}`)).toBe('ERR_TOKEN_MALFORMED');
  });

  it('deep nesting and huge tokens are refused before they cost anything', async () => {
    const deep = `{"exp":${NOW_SECONDS + 9},"a":${'['.repeat(3000)}${']'.repeat(3000)}}`;
    expect(await codeOf(hmacToken(HEADER, deep))).toBe('ERR_TOKEN_MALFORMED');
    expect(await codeOf(hmacToken(HEADER, { ...CLAIMS, a: 'x'.repeat(9000) }))).toBe('ERR_TOKEN_MALFORMED');
  });

  it('an encrypted token is none of ours', async () => {
    expect(await codeOf('eyJhbGciOiJkaXIifQ..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA')).toBe(
      'ERR_TOKEN_MALFORMED',
    );
  });
});

describe('elliptic curves', () => {
  it('a signature in DER instead of r and s is refused', async () => {
    const { createSign } = await import('node:crypto');
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' } as JsonWebKeyInput;
    const { KeyObject } = await import('node:crypto');
    const input = `${b64({ alg: 'ES256', kid: 'k1' })}.${b64(CLAIMS)}`;
    const der = createSign('sha256').update(input).sign(KeyObject.from(privateKey)).toString('base64url');
    expect(await codeOf(`${input}.${der}`, [provider({ algorithm: 'ES256', sign: privateKey, jwk })])).toBe(
      'ERR_TOKEN_SIGNATURE',
    );
  });

  it('a point that is not on the curve is no key', async () => {
    const jwk = { ...ec.jwk, y: ec.jwk.x };
    expect(await codeOf(await sign(ec), [provider({ ...ec, jwk })])).toBe('ERR_KEY_UNKNOWN');
    await expect(importJWK({ ...jwk } as never, 'ES256')).rejects.toThrow();
  });

  it('an Ed25519 key of low order, under which a signature verifies anything, does not', async () => {
    const ed = await pairFor('EdDSA');
    const low = Buffer.alloc(32);
    low[0] = 1;
    const jwk = { ...ed.jwk, x: low.toString('base64url') };
    const signature = Buffer.concat([low, Buffer.alloc(32)]).toString('base64url');
    const token = `${b64({ alg: 'EdDSA', kid: 'k1' })}.${b64(CLAIMS)}.${signature}`;
    expect(await codeOf(token, [provider({ ...ed, jwk })])).toBe('ERR_TOKEN_SIGNATURE');
  });
});

describe('times', () => {
  const at = (claims: Record<string, unknown>, more: Partial<Provider> = {}) =>
    sign(hs, { sub: 'alice', ...claims } as never).then((token) => codeOf(token, [provider(hs, more)]));
  const raw = (exp: string) => codeOf(hmacToken(HEADER, `{"sub":"alice","exp":${exp}}`));

  it('a token without exp, or with one that is no sensible number, is refused', async () => {
    expect(await codeOf(hmacToken(HEADER, { sub: 'alice' }))).toBe('ERR_TOKEN_CLAIM');
    for (const exp of [
      `"${NOW_SECONDS + 60}"`,
      'null',
      'true',
      '[]',
      '{}',
      '1e999',
      '-1e999',
      '253402300800',
    ])
      expect(await raw(exp)).toBe('ERR_TOKEN_CLAIM');
    // Milliseconds.
    expect(await raw(String((NOW_SECONDS + 60) * 1000))).toBe('ERR_TOKEN_CLAIM');
  });

  it('a negative, zero or past exp is expired; the second of exp itself is past', async () => {
    for (const exp of ['-1', '0', '-0', String(NOW_SECONDS - 1), String(NOW_SECONDS)]) {
      expect(await raw(exp)).toBe('ERR_TOKEN_EXPIRED');
    }
    expect(await raw(`${NOW_SECONDS + 1}.5`)).toBe('verified');
  });

  it('leeway reaches exp and nbf, and no further', async () => {
    const more = { clockToleranceSeconds: 10 };
    expect(await at({ exp: NOW_SECONDS - 9 }, more)).toBe('verified');
    expect(await at({ exp: NOW_SECONDS - 10 }, more)).toBe('ERR_TOKEN_EXPIRED');
    expect(await at({ exp: NOW_SECONDS + 60, nbf: NOW_SECONDS + 10 }, more)).toBe('verified');
    expect(await at({ exp: NOW_SECONDS + 60, nbf: NOW_SECONDS + 11 }, more)).toBe('ERR_TOKEN_NOT_YET_VALID');
  });

  it('iat matters only as a number, unless a greatest age is set', async () => {
    const exp = NOW_SECONDS + 60;
    expect(await at({ exp, iat: NOW_SECONDS + 30 })).toBe('verified');
    expect(await at({ exp, iat: String(NOW_SECONDS) })).toBe('ERR_TOKEN_CLAIM');
    const aged = { maxTokenAgeSeconds: 100, clockToleranceSeconds: 5 };
    expect(await at({ exp, iat: NOW_SECONDS - 105 }, aged)).toBe('verified');
    expect(await at({ exp, iat: NOW_SECONDS - 106 }, aged)).toBe('ERR_TOKEN_EXPIRED');
    expect(await at({ exp, iat: NOW_SECONDS + 6 }, aged)).toBe('ERR_TOKEN_NOT_YET_VALID');
    expect(await at({ exp }, aged)).toBe('ERR_TOKEN_CLAIM');
  });
});

describe('issuer, audience and type', () => {
  const check = async (claims: Record<string, unknown>, more: Partial<Provider>, header = {}) =>
    codeOf(await sign(hs, { ...CLAIMS, ...claims }, header), [provider(hs, more)]);

  it('iss is compared exactly', async () => {
    const more = { issuers: ['https://issuer.example'] };
    expect(await check({ iss: 'https://issuer.example' }, more)).toBe('verified');
    for (const iss of ['https://issuer.example/', 'HTTPS://issuer.example', undefined]) {
      expect(await check({ iss }, more)).toBe('ERR_TOKEN_CLAIM');
    }
    expect(
      await codeOf(hmacToken(HEADER, { ...CLAIMS, iss: ['https://issuer.example'] }), [provider(hs, more)]),
    ).toBe('ERR_TOKEN_CLAIM');
  });

  it('aud names one of ours, alone or among others', async () => {
    const more = { audience: ['api', 'web'] };
    for (const aud of ['api', 'web', ['x', 'web']]) expect(await check({ aud }, more)).toBe('verified');
    for (const aud of ['API', 'x', ['x'], [], undefined]) {
      expect(await check({ aud }, more)).toBe('ERR_TOKEN_CLAIM');
    }
    expect(await codeOf(hmacToken(HEADER, { ...CLAIMS, aud: [['api']] }), [provider(hs, more)])).toBe(
      'ERR_TOKEN_CLAIM',
    );
  });

  it('typ is a media type, with or without application/, in any case', async () => {
    const more = { type: 'at+jwt' };
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) {
      expect(await check({}, more, { typ })).toBe('verified');
    }
    for (const typ of ['JWT', 'text/at+jwt', undefined]) {
      expect(await check({}, more, typ === undefined ? {} : { typ })).toBe('ERR_TOKEN_CLAIM');
    }
  });
});
