import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import queryTokens from '../../../src/http/query-tokens.ts';

const withhold = (query: string, names: readonly string[] = ['token']) => {
  const found = queryTokens.withhold(query, names);
  return found === null ? null : [found.query, Object.fromEntries(found.tokens)];
};

describe('a token in the query', () => {
  it('is taken out, and what stands beside it stays byte for byte', () => {
    expect(withhold('token=abc')).toEqual(['', { token: 'abc' }]);
    expect(withhold('b=2&token=abc&a=%31&&x')).toEqual(['b=2&a=%31&&x', { token: 'abc' }]);
    expect(withhold('a=1&tokens=2&xtoken=3&to=ken')).toBeNull();
    expect(withhold('a=token&b=token=x')).toBeNull();
  });

  it('has a value that was percent-encoded once', () => {
    expect(withhold('token=a%2Eb%2ec')).toEqual(['', { token: 'a.b.c' }]);
    expect(withhold('token=a%252Eb')).toEqual(['', { token: 'a%2Eb' }]);
    expect(withhold('token')).toEqual(['', { token: '' }]);
    expect(withhold('token=')).toEqual(['', { token: '' }]);
  });

  it('is the same under a name that is encoded once', () => {
    expect(withhold('%74oken=abc&a=1')).toEqual(['a=1', { token: 'abc' }]);
    expect(withhold('%74%6F%6b%65%6E=abc')).toEqual(['', { token: 'abc' }]);
  });

  it.each([
    ['twice', 'token=abc&token=abc'],
    ['twice, encoded once', 'token=abc&%74oken=def'],
    ['encoded twice', '%2574oken=abc'],
    ['encoded five times', '%252525252574oken=abc'],
    ['behind a semicolon', 'x=1;token=abc'],
    ['before a semicolon', 'token=abc;x=1'],
    ['behind a semicolon and encoded', 'x=1;%74oken=abc'],
    ['with a plus before it', '+token=abc'],
    ['with a blank behind it', 'token%20=abc'],
    ['with a NUL behind it', 'token%00x=abc'],
    ['as an array', 'token[]=abc'],
    ['as an array, encoded', 'token%5B0%5D=abc'],
    ['with a line feed', '%0Atoken=abc'],
  ])('%s is taken out too, and is nobody', (_, query) => {
    const found = queryTokens.withhold(query, ['token']);
    expect(found?.query).not.toMatch(/abc|def/);
    expect([...(found?.tokens ?? [])]).toEqual([['token', null]]);
  });

  it('is told from another case, and each name by itself', () => {
    expect(withhold('Token=abc&TOKEN=abc')).toBeNull();
    expect(withhold('jwt=a&token=b&x=1', ['token', 'jwt'])).toEqual(['x=1', { jwt: 'a', token: 'b' }]);
  });

  it('is found by no reader in what is left', () => {
    const part = fc.constantFrom(
      'token',
      '%74oken',
      'a',
      '=',
      '&',
      ';',
      '+',
      '%',
      '%25',
      'secret',
      '[]',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const query = parts.join('');
        const left = queryTokens.withhold(query, ['token'])?.query ?? query;
        for (const separator of ['&', /[&;]/])
          for (const one of left.split(separator)) {
            const name = new URLSearchParams(one.replaceAll(';', '%3B').replaceAll('&', '%26'))
              .keys()
              .next().value;
            expect(name?.trim()).not.toBe('token');
          }
      }),
    );
  });

  it('costs linear time', () => {
    const before = performance.now();
    for (const text of [
      '%25'.repeat(2000),
      ';'.repeat(6000),
      '&'.repeat(6000),
      '%2525'.repeat(1200),
      ' '.repeat(6000),
    ])
      for (let i = 0; i < 20; i++) queryTokens.withhold(`${text}token=a`, ['token']);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
