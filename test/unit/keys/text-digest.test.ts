import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepareUrlKeys, urlKeys } from '../../../src/keys/surrogate-key.ts';
import { isKnown, prepareDigest, textDigest } from '../../../src/keys/text-digest.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ minLength: 500, maxLength: 530 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a', 'b'),
);
const ofNode = (one: string) => createHash('sha256').update(one).digest('base64url');

test('the digest of a text is that of Node: the first time, when it is remembered, and made by the host', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 150 }), async (texts) => {
      const wanted = texts.map(ofNode);
      expect(texts.map(textDigest)).toEqual(wanted);
      expect(texts.map(textDigest)).toEqual(wanted);
      for (const one of texts) {
        await prepareDigest(`prepared ${one}`);
        expect(isKnown(`prepared ${one}`)).toBe(true);
        expect(textDigest(`prepared ${one}`)).toBe(ofNode(`prepared ${one}`));
      }
    }),
    { numRuns: 50 },
  );
});

test('the host makes what a long URL is hashed to, and nothing for a short one', async () => {
  const [long, longer] = [`/${'a'.repeat(600)}`, `/${'b'.repeat(4000)}`];
  const hashed = (path: string) => JSON.stringify(`a.example${path}`);
  await prepareUrlKeys('a.example', ['/short', long, longer]);
  expect(['/short', long, longer].map((path) => isKnown(hashed(path)))).toEqual([false, true, true]);
  expect(urlKeys('a.example', ['/short', long])).toEqual([
    'url:a.example/short',
    `url:~${ofNode(hashed(long))}`,
  ]);
});
