import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../../src/policy/providers/algorithm-names.ts';
import { identifyBearer, pairFor, provider, sign } from './fixtures.ts';

const ALGORITHMS: readonly Algorithm[] = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

describe.each(ALGORITHMS)('%s', (algorithm) => {
  it('verifies a token that jose signed', async () => {
    const pair = await pairFor(algorithm);
    expect(await identifyBearer(await sign(pair), [provider(pair)])).toMatchObject({
      kind: 'verified',
      identity: { provider: 'app', algorithm, keyId: 'k1', claims: { sub: 'alice' } },
    });
  });

  it('refuses a token of another key, a changed payload, a cut and a blank signature', async () => {
    const pair = await pairFor(algorithm);
    const other = algorithm.startsWith('HS')
      ? { ...pair, sign: new TextEncoder().encode('x'.repeat(64)) }
      : await pairFor(algorithm);
    const [head, body, tail = ''] = (await sign(pair)).split('.');
    const [, evil] = (await sign(pair, { sub: 'mallory', exp: 4_000_000_000 })).split('.');
    const signature = Buffer.from(tail, 'base64url');
    const flipped = Buffer.from(signature);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    const bad = [
      await sign(other),
      `${head}.${evil}.${tail}`,
      `${head}.${body}.${signature.subarray(0, -1).toString('base64url')}`,
      `${head}.${body}.${Buffer.concat([signature, Buffer.alloc(1)]).toString('base64url')}`,
      `${head}.${body}.${flipped.toString('base64url')}`,
      `${head}.${body}.${Buffer.alloc(signature.length).toString('base64url')}`,
      `${head}.${body}.${Buffer.alloc(signature.length, 0xff).toString('base64url')}`,
      `${head}.${body}.AA`,
    ];
    for (const token of bad) {
      expect(await identifyBearer(token, [provider(pair)])).toEqual({
        kind: 'invalid',
        code: 'ERR_TOKEN_SIGNATURE',
      });
    }
  });
});
