import { exportJWK, generateKeyPair, generateSecret, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';

let edge: RunningEdge;

beforeAll(async () => {
  const wasm = await buildService({ name: 'much-garbage', entry: 'test/edge/services/much-garbage.ts' });
  edge = await startEdge({ originUrl: 'http://127.0.0.1:9', wasm });
});
afterAll(() => edge?.stop());

/**
 * The host's cryptography takes the address of the bytes that it is given, and then allocates: where that collects garbage, the bytes of
 * a small array have moved, and it computes with whatever stands there. One in some ten thousand good tokens was refused so.
 */
it.each([
  ['HS256', 10_000],
  ['RS256', 5000],
  ['ES256', 3000],
])('a good %s token is good whenever garbage is collected, a forged one bad', async (algorithm, times) => {
  const isHmac = algorithm.startsWith('HS');
  const keys = async () => {
    if (isHmac) {
      const secret = await generateSecret(algorithm, { extractable: true });
      return { privateKey: secret, publicKey: secret };
    }
    return generateKeyPair(algorithm, { extractable: true });
  };
  const [own, other] = [await keys(), await keys()];
  const signed = (by: typeof own) =>
    new SignJWT({ sub: 'alice' }).setProtectedHeader({ alg: algorithm }).sign(by.privateKey);
  const jwk = await exportJWK(own.publicKey);
  const verify = async (text: string, times: number) => {
    const body = JSON.stringify({ algorithm, jwk, text, times });
    return (await fetch(edge.url, { method: 'POST', body })).json();
  };
  expect(await verify(await signed(own), times)).toMatchObject({ accepted: times });
  expect(await verify(await signed(other), 500)).toMatchObject({ accepted: 0 });
});
