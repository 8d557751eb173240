import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatClaimPath, parseClaimPath } from '../../../src/policy/claims/claim-path.ts';

describe('a claim path', () => {
  it('is split at its dots, and an escaped dot is part of a name', () => {
    expect(parseClaimPath('tenant.id')).toEqual(['tenant', 'id']);
    expect(parseClaimPath('https://acme\\.example/org.id')).toEqual(['https://acme.example/org', 'id']);
    expect(parseClaimPath('a\\\\.b')).toEqual(['a\\', 'b']);
  });

  it.each(['', '.', 'a..b', 'a.', '.a', 'a\\', 'a\\b'])('%j is refused', (text) => {
    expect(parseClaimPath(text)).toBeNull();
  });

  it('comes back the same from its written form', () => {
    const path = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(path, (parts) => {
        expect(parseClaimPath(formatClaimPath(parts))).toEqual(parts);
      }),
    );
  });
});
