import { expect, it } from 'vitest';
import { credentialText, goodForText } from '../../../src/explain/step-texts.ts';

it('a token that the tolerance of clocks alone accepts has expired, and is said to have', () => {
  expect(goodForText(899)).toBe('good for 899 s');
  expect(goodForText(0)).toBe('good for 0 s');
  expect(goodForText(-4)).toBe('expired 4 s ago, accepted within clockToleranceSeconds');
  const verified = {
    provider: 'app',
    algorithm: 'HS256' as const,
    keyId: null,
    expiresInSeconds: -4,
    claims: {},
  };
  const report = { outcome: 'verified' as const, code: null, asked: [], verified, places: [], misfits: [] };
  const scope = { name: 'user', shared: false, values: [], lookups: [] };
  expect(credentialText(report, scope)).toContain('verified by app with HS256, expired 4 s ago, accepted');
});
