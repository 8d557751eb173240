import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacOf } from '../../../src/crypto/hmac.ts';
import hmac from '../../../src/identity/engines/hmac-engine.ts';

test('HMAC is that of Node for every secret, text and hash, and no other code is accepted', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(
      bytes,
      bytes,
      fc.constantFrom(32, 48, 64),
      fc.nat(),
      async (secret, text, hashBytes, at) => {
        const code = createHmac(`sha${hashBytes * 8}`, secret)
          .update(text)
          .digest();
        const jwk = { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
        const key = { id: null, algorithms: [], jwk };
        const verify = (signature: Uint8Array) =>
          hmac.verify({ signingInput: text, signature }, key, hashBytes);
        expect(await verify(code)).toBe(true);
        const other = Uint8Array.from(code);
        other[at % other.length] = (other[at % other.length] ?? 0) ^ 1;
        expect(await verify(other)).toBe(false);
        expect(await verify(code.subarray(1))).toBe(false);
      },
    ),
  );
});

test('HMAC of a text is that of Node for every secret, also when calls with several secrets overlap', async () => {
  const texts = fc.array(fc.tuple(fc.constantFrom('one', 'two', 'three'.repeat(40)), fc.string()), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(texts, async (calls) => {
      const made = await Promise.all(calls.map(([secret, text]) => hmacOf(secret, text)));
      const wanted = calls.map(([secret, text]) => createHmac('sha256', secret).update(text).digest('hex'));
      expect(made.map((code) => Buffer.from(code).toString('hex'))).toEqual(wanted);
    }),
  );
});
