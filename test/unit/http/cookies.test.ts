import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies, withoutCookies } from '../../../src/http/cookies.ts';

const parse = (cookie: string) => Object.fromEntries(parseCookies(new Headers({ cookie })));

describe('cookies', () => {
  it('are known by their exact names', () => {
    expect(parse('session=a; Session=b; sessionid=c')).toEqual({
      session: ['a'],
      Session: ['b'],
      sessionid: ['c'],
    });
  });

  it('keep duplicates, in their order', () => {
    expect(parse('a=1; b=2; a=3')).toEqual({ a: ['1', '3'], b: ['2'] });
  });

  it('lose the quotes around a value, and nothing else', () => {
    expect(parse('a="x y"; b="; c=%41"; d=a=b==')).toEqual({
      a: ['x y'],
      b: ['"'],
      c: ['%41"'],
      d: ['a=b=='],
    });
  });

  it('of a second Cookie line do not hide in a value of the first', () => {
    const headers = new Headers([
      ['cookie', 'x=1'],
      ['cookie', 'session=t'],
    ]);
    expect(parseCookies(headers).get('session')).toEqual(['t']);
    expect(parse('json=[1, 2, 3]')).toEqual({ json: ['[1, 2, 3]'] });
  });

  it('named like members of every object are cookies like any other', () => {
    const cookies = parseCookies(new Headers({ cookie: '__proto__=1; constructor=2' }));
    expect(cookies.get('__proto__')).toEqual(['1']);
    expect(cookies.get('constructor')).toEqual(['2']);
    expect(cookies.get('toString')).toBeUndefined();
  });

  it('without a name or an equals sign are none', () => {
    expect(parse('=x; session; ;;; a=')).toEqual({ a: [''] });
  });

  it('are taken out with all that another reader might take for them, in linear time', () => {
    const names = new Set(['my_session']);
    for (const other of [
      'my_session',
      'MY_Session',
      'my.session',
      'my session',
      '\u00a0my_session',
      '%6dy_session',
    ])
      expect(withoutCookies(`a=1; ${other}=x; b=2`, names), other).toBe('a=1; b=2');
    expect(withoutCookies('my_session=x', names)).toBeNull();
    // A comma in a value is one, until one of the names stands behind it.
    expect(withoutCookies('a=1, b=2; my_session=x', names)).toBe('a=1, b=2');
    expect(withoutCookies('a=1, my_session=x; b=2', names)).toBe('a=1; b=2');
    expect(withoutCookies('my_sessions=x; session=y', names)).toBe('my_sessions=x; session=y');
    const long = `${'\u00a0'.repeat(16_000)}x=1`;
    expect(withoutCookies(long, names)).toBe(long);
  });

  it('never throw, whatever a client sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        for (const [name, values] of parseCookies(new Headers({ cookie: text }))) {
          expect(name).not.toBe('');
          expect(values.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('come back as they were sent', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/);
    const value = fc.stringMatching(/^[A-Za-z0-9_.=%-]{0,20}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 10 }), (pairs) => {
        const cookies = parseCookies(new Headers({ cookie: pairs.map(([n, v]) => `${n}=${v}`).join('; ') }));
        for (const [n] of pairs)
          expect(cookies.get(n)).toEqual(pairs.filter(([m]) => m === n).map(([, v]) => v));
      }),
    );
  });
});
