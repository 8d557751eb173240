import { p256, p384, p521 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CurveName, isOnCurve } from '../../../src/identity/curve-point.ts';
import { createIdentify } from '../../../src/identity/identify.ts';
import { parseKeySet } from '../../../src/identity/key-set.ts';
import { createKnownKeys } from '../../../src/identity/known-keys.ts';
import { CLAIMS, identifyBearer, NO_STORES, NOW_MS, pairFor, provider, scope, sign } from './fixtures.ts';

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const;
const NAMES = Object.keys(CURVES) as CurveName[];
const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytesOf = (value: bigint, length: number) =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex'));
const SIZES = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const;

describe('a point', () => {
  it.each(NAMES)('of %s is one where noble says so too, whatever its numbers', (name) => {
    const { Point } = CURVES[name];
    const size = SIZES[name];
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 200n }),
        fc.boolean(),
        fc.boolean(),
        (scalar, moves, swaps) => {
          const { x, y } = Point.BASE.multiply(scalar).toAffine();
          const [a, b] = swaps ? [y, x] : [x, moves ? (y + 1n) % Point.Fp.ORDER : y];
          let isPoint = true;
          try {
            Point.fromAffine({ x: a, y: b }).assertValidity();
          } catch {
            isPoint = false;
          }
          expect(isOnCurve(name, bytesOf(a, size), bytesOf(b, size))).toBe(isPoint);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(NAMES)('of %s has both numbers in full length and below p', (name) => {
    const { Point } = CURVES[name];
    const size = SIZES[name];
    const { x, y } = Point.BASE.toAffine();
    const at = (a: Uint8Array, b: Uint8Array) => isOnCurve(name, a, b);
    const [goodX, goodY] = [bytesOf(x, size), bytesOf(y, size)];
    expect(at(goodX, goodY)).toBe(true);
    expect(at(goodX, bytesOf(Point.Fp.ORDER - y, size))).toBe(true);
    expect(at(goodX.subarray(1), goodY)).toBe(false);
    expect(at(goodX, Uint8Array.from([0, ...goodY]))).toBe(false);
    expect(at(new Uint8Array(size), new Uint8Array(size))).toBe(false);
    expect(at(new Uint8Array(size).fill(255), goodY)).toBe(false);
    expect(at(new Uint8Array(), new Uint8Array())).toBe(false);
    // The same point with p added once: 521 bits leave no room for that, 528 do.
    if (name === 'P-521') expect(at(bytesOf(x + Point.Fp.ORDER, size), goodY)).toBe(false);
  });
});

const ec = await pairFor('ES256', 'good');
const rsa = await pairFor('RS256', 'good');
const okp = await pairFor('EdDSA', 'good');
const A43 = 'A'.repeat(43);

const problemsOf = (...keys: unknown[]) =>
  parseKeySet(JSON.stringify({ keys }), true)?.refused.map(({ problem }) => problem);

describe('a key set', () => {
  it.each([
    ['a point at nought', { ...ec.jwk, x: A43, y: A43 }, 'ec-point'],
    ['x for y', { ...ec.jwk, y: ec.jwk.x }, 'ec-point'],
    ['x cut', { ...ec.jwk, x: String(ec.jwk.x).slice(0, -3) }, 'ec-point'],
    ['x longer', { ...ec.jwk, x: `AA${ec.jwk.x}` }, 'ec-point'],
    ['x of blanks', { ...ec.jwk, x: ' ' }, 'ec-point'],
    ['x in another alphabet', { ...ec.jwk, x: '!'.repeat(43) }, 'ec-point'],
    ['another curve’s point', { ...ec.jwk, crv: 'P-384' }, 'ec-point'],
    ['an unknown curve', { ...ec.jwk, crv: 'secp256k1' }, 'algorithm'],
    ['a curve that objects have', { ...ec.jwk, crv: 'constructor' }, 'algorithm'],
    [
      'an even modulus',
      { ...rsa.jwk, n: b64(Uint8Array.from([...new Uint8Array(255).fill(255), 2])) },
      'rsa-modulus',
    ],
    ['an even exponent', { ...rsa.jwk, e: 'Ag' }, 'rsa-exponent'],
    ['no exponent', { ...rsa.jwk, e: '=' }, 'rsa-exponent'],
    ['an exponent of five bytes', { ...rsa.jwk, e: b64(Uint8Array.from([1, 0, 0, 0, 1])) }, 'rsa-exponent'],
    ['an exponent of 256 bytes', { ...rsa.jwk, e: b64(new Uint8Array(256).fill(255)) }, 'rsa-exponent'],
    [
      'a modulus of 8193 bits',
      { ...rsa.jwk, n: b64(Uint8Array.from([1, ...new Uint8Array(1024).fill(255)])) },
      'rsa-size',
    ],
    ['a modulus of blanks', { ...rsa.jwk, n: ' \n' }, 'rsa-size'],
    ['an Ed25519 key cut', { ...okp.jwk, x: String(okp.jwk.x).slice(0, -2) }, 'okp-point'],
    ['an Ed25519 key longer', { ...okp.jwk, x: `${okp.jwk.x}AA` }, 'okp-point'],
  ])('leaves out a key with %s', (_, key, problem) => {
    expect(problemsOf(ec.jwk, key, rsa.jwk)).toEqual([problem]);
  });

  it('gives the numbers of a key in one spelling, however they are written', () => {
    const spaced = { ...ec.jwk, x: ` ${ec.jwk.x}\n=` };
    const zeros = {
      ...rsa.jwk,
      n: b64(Uint8Array.from([0, 0, ...Buffer.from(String(rsa.jwk.n), 'base64url')])),
    };
    const set = parseKeySet(JSON.stringify({ keys: [zeros] }), true);
    expect(set?.keys[0]?.jwk).toMatchObject({ n: rsa.jwk.n, e: 'AQAB' });
    const other = parseKeySet(JSON.stringify({ keys: [{ ...spaced, x: ` ${ec.jwk.x}` }] }), true);
    expect(other?.keys[0]?.jwk).toEqual({ kty: 'EC', crv: 'P-256', x: ec.jwk.x, y: ec.jwk.y });
  });
});

describe('a bad key beside a good one', () => {
  const bad = { kty: 'EC', crv: 'P-256', x: A43, y: A43, kid: 'v1' };
  const source = { kind: 'configStore', store: 's', item: 'i' } as const;
  const both = { ...provider(ec), keys: source };
  const stores = (...keys: unknown[]) => ({
    ...NO_STORES,
    config: () => () => JSON.stringify({ keys }),
  });

  it('refuses a token that names it, and no other', async () => {
    const deps = stores(bad, ec.jwk);
    expect(await identifyBearer(await sign(ec, CLAIMS, { kid: 'v1' }), [both], deps)).toEqual({
      kind: 'invalid',
      code: 'ERR_KEY_UNKNOWN',
      why: 'the key of that id is left out: ec-point',
    });
    expect(await identifyBearer(await sign(ec), [both], deps)).toMatchObject({ kind: 'verified' });
    const nameless = await sign(ec, CLAIMS, { kid: undefined });
    expect(await identifyBearer(nameless, [both], deps)).toMatchObject({ kind: 'verified' });
  });

  it('alone refuses the token that names it; for any other there are no keys', async () => {
    const deps = stores(bad);
    expect(await identifyBearer(await sign(ec, CLAIMS, { kid: 'v1' }), [both], deps)).toMatchObject({
      code: 'ERR_KEY_UNKNOWN',
    });
    expect(await identifyBearer(await sign(ec), [both], deps)).toMatchObject({
      code: 'ERR_KEYS_UNAVAILABLE',
    });
  });

  it('is told of once for each set, and stands in the operator’s status', async () => {
    const told: string[] = [];
    const tell = (why: string) => void told.push(why);
    const deps = stores(bad, ec.jwk, { ...ec.jwk, kid: 42 });
    const identify = createIdentify(deps);
    const headers = new Headers({ authorization: `Bearer ${await sign(ec)}` });
    for (let i = 0; i < 3; i++) await identify(headers, scope([both]), NOW_MS, { tell });
    expect(told).toEqual(['provider app: keys left out: v1 (ec-point), number 2 (key-id)']);
    const known = createKnownKeys(deps, async () => '', null);
    expect(await known(both, NOW_MS)).toMatchObject({
      keys: [{ kid: 'good', algorithms: ['ES256'] }],
      refused: [
        { index: 0, kid: 'v1', problem: 'ec-point' },
        { index: 2, kid: null, problem: 'key-id' },
      ],
    });
  });
});
