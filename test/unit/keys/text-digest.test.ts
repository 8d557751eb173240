import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textDigest } from '../../../src/keys/text-digest.ts';

test('the digest of a text is that of Node, the first time and when it is remembered, however long it is', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ minLength: 500, maxLength: 530 }),
    fc.constantFrom('a', 'b'),
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 150 }), (texts) => {
      const wanted = texts.map((one) => createHash('sha256').update(one).digest('base64url'));
      expect(texts.map(textDigest)).toEqual(wanted);
      expect(texts.map(textDigest)).toEqual(wanted);
    }),
  );
});
