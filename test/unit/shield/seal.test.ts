import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SealedRequest, seal, unseal } from '../../../src/shield/seal.ts';

const KEY = 'key-of-both-passes';
const NOW_MS = 1_700_000_000_000;
const REQUEST: SealedRequest = {
  v: 1,
  sealedAtMs: NOW_MS,
  policy: 'digest',
  method: 'GET',
  url: 'http://www.test/api/orders?x=1',
  headers: [
    ['authorization', 'Bearer token'],
    ['x-umlaut', 'Grüße'],
  ],
  relay: {
    origin: 'app',
    route: 'orders',
    requestId: 'request-1',
    plan: {
      lane: 'scoped',
      reason: 'scope-verified',
      operation: null,
      content: null,
      cacheKey: '[1,"","GET"]',
      surrogateKeys: ['user:42'],
      partition: {
        scope: 'user',
        provider: 'app',
        issuer: 'https://app.example',
        values: [42, '42', true],
        shared: false,
        surrogateKeys: [],
      },
      target: '/api/orders?x=1',
      tokenExpiresAtSeconds: 1_800_000_000,
    },
  },
};

describe('a sealed request', () => {
  it('opens with the key, as it was', async () => {
    expect(await unseal(await seal(REQUEST, KEY), KEY, NOW_MS)).toEqual(REQUEST);
  });

  it('does not open with another key, or without one', async () => {
    const sealed = await seal(REQUEST, KEY);
    expect(await unseal(sealed, `${KEY}x`, NOW_MS)).toBe('signature');
    for (const key of ['', 'short']) {
      // Whoever knows that there is none could seal with it.
      expect(await unseal(await seal(REQUEST, key), key, NOW_MS)).toBe('no-key');
    }
  });

  it('opens in one spelling alone: another one of the same bytes would pass for another write', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sealed = await seal(REQUEST, KEY);
    const last = alphabet.indexOf(sealed.at(-1) ?? '');
    const ofTheSameBytes = [1, 2, 3].map((bits) => `${sealed.slice(0, -1)}${alphabet[last ^ bits]}`);
    for (const other of [...ofTheSameBytes, `${sealed}=`, `${sealed} `, sealed.replace('.', '. ')]) {
      expect(await unseal(other, KEY, NOW_MS)).toBe('signature');
    }
  });

  it('does not open with any character changed, cut or added', async () => {
    const sealed = await seal(REQUEST, KEY);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sealed.length - 1),
        fc.constantFrom('A', 'b', '_', '.', '=', 'é'),
        async (at, char) => {
          const others = [
            `${sealed.slice(0, at)}${char}${sealed.slice(at + 1)}`,
            sealed.slice(0, at),
            `${sealed.slice(0, at)}${char}${sealed.slice(at)}`,
          ];
          for (const other of others.filter((text) => text !== sealed)) {
            expect(await unseal(other, KEY, NOW_MS)).toBe('signature');
          }
        },
      ),
    );
  });

  it('does not open after half a minute, nor long before it was sealed', async () => {
    const sealed = await seal(REQUEST, KEY);
    expect(await unseal(sealed, KEY, NOW_MS + 30_000)).toEqual(REQUEST);
    expect(await unseal(sealed, KEY, NOW_MS + 30_001)).toBe('expired');
    expect(await unseal(sealed, KEY, NOW_MS - 30_001)).toBe('expired');
  });
});
