import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, parseExactJson } from '../../../src/bodies/exact-json.ts';

describe('JSON in one spelling', () => {
  it('is JSON of the same value, and its own spelling', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value);
        if (text === null) throw new Error('nested no deeper than 4');
        // -0 is written 0.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('ends at a depth, and reads no number that would change', () => {
    const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(canonicalJson(nested(64))).toHaveLength(128);
    expect(canonicalJson(nested(65))).toBeNull();
    // Of very many values the order stays as it came.
    const many = `{"b":1,"a":[${Array(2000).fill(1).join()}]}`;
    expect(canonicalJson(JSON.parse(many))).toBe(many);
    expect(parseExactJson('{"a":"12345678901234567890"}')).toEqual({ a: '12345678901234567890' });
    expect(parseExactJson('{"a\\"12345678901234567890":1}')).toEqual({ 'a"12345678901234567890': 1 });
    expect(parseExactJson('[0, 0.0, 1e-7, 123456789012345, 1.50, 000]')).toBeUndefined();
    expect(parseExactJson('[0, 0.0, -0.05, 1e-7, 123456789012345, 1.50, 1e22, 0e999]')).toHaveLength(8);
    const kept = '[1234567890123456,13.404953999999975,5e-324,1.7976931348623157e+308]';
    expect(canonicalJson(parseExactJson(kept))).toBe(kept);
    for (const token of [
      '12345678901234567',
      '13.4049539999999751',
      '1E999',
      '1e-999',
      '6e-324',
      '-0',
      '-0.0',
      '-0E3',
    ]) {
      expect([token, parseExactJson(`[${token}]`)]).toEqual([token, undefined]);
    }
    expect(parseExactJson(`[${Array(300).fill('1e1').join()}]`)).toBeUndefined();
  });
});

describe('numbers', () => {
  it('of two texts that are read as one number are the same number', () => {
    const token = fc
      .tuple(
        fc.stringMatching(/^-?(?:0|[1-9]\d{0,20})(?:\.\d{1,20})?$/),
        fc.constantFrom('', 'e5', 'E-7', 'e+30', 'e300', 'e-310'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(token, token, (a, b) => {
        const [ofA, ofB] = [parseExactJson(`[${a}]`), parseExactJson(`[${b}]`)];
        if (ofA === undefined || ofB === undefined) return;
        if (canonicalJson(ofA) === canonicalJson(ofB)) expect(exact(a)).toBe(exact(b));
      }),
      { numRuns: 3000 },
    );
  });

  it('whose last digits differ by one are apart, or refused', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{10,19}$/), (digits) => {
        const [a, b] = [parseExactJson(digits), parseExactJson(String(BigInt(digits) + 1n))];
        if (a !== undefined && b !== undefined) expect(a).not.toBe(b);
      }),
      { numRuns: 2000 },
    );
  });
});

/** A decimal as its digits and a power of ten, without superfluous zeros. */
function exact(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - trimmed.length;
  return `${mantissa.startsWith('-') ? '-' : ''}${trimmed}e${power}`;
}
