import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isGcmTag } from '../../../src/identity/encrypted/gcm-tag.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

function sealed(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, text: Uint8Array) {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  return { ciphertext, tag: cipher.getAuthTag() };
}

it('the tag is the one of OpenSSL, whatever key, text and length', () => {
  fc.assert(
    fc.property(
      fc.record({
        key: bytes(32),
        iv: bytes(12),
        aad: fc.uint8Array({ maxLength: 70 }),
        text: fc.uint8Array({ maxLength: 700 }),
      }),
      ({ key, iv, aad, text }) => {
        const { ciphertext, tag } = sealed(key, iv, aad, text);
        return isGcmTag(key, iv, aad, ciphertext, tag);
      },
    ),
    { numRuns: 300 },
  );
});

it('neither a bit of the tag, of what is sealed or of the key is another', () => {
  const [key, iv, aad] = [randomBytes(32), randomBytes(12), randomBytes(40)];
  for (const length of [1, 16, 17, 3000, 8192, 65_536]) {
    const { ciphertext, tag } = sealed(key, iv, aad, randomBytes(length));
    expect(isGcmTag(key, iv, aad, ciphertext, tag)).toBe(true);
    const parts = [key, iv, aad, ciphertext, tag] as const;
    for (const [i, part] of parts.entries()) {
      for (const at of [0, Math.floor(part.length / 2), part.length - 1]) {
        const other = Buffer.from(part);
        other[at] = (other[at] ?? 0) ^ (1 << (at % 8));
        const changed = parts.map((one, j) => (i === j ? other : one)) as unknown as typeof parts;
        expect(isGcmTag(...changed), `${length} bytes, part ${i} at ${at}`).toBe(false);
      }
    }
    expect(isGcmTag(key, iv, aad, ciphertext.subarray(0, -1), tag)).toBe(false);
    expect(isGcmTag(key, iv, aad, Buffer.concat([ciphertext, Buffer.alloc(1)]), tag)).toBe(false);
  }
});

it('a tag that is too short or too long is none', () => {
  const [key, iv, aad] = [randomBytes(32), randomBytes(12), randomBytes(4)];
  const { ciphertext, tag } = sealed(key, iv, aad, randomBytes(50));
  for (const other of [tag.subarray(0, 12), Buffer.alloc(0), Buffer.concat([tag, tag])])
    expect(isGcmTag(key, iv, aad, ciphertext, other)).toBe(false);
});
