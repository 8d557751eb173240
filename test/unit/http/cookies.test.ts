import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies, readCookies } from '../../../src/http/cookies.ts';
import { withoutCookies } from '../../../src/http/withhold-cookies.ts';

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

  it('of several fields are one list, joined as a list is; the bytes that were read are those that go on', () => {
    const read = (text: string) => readCookies(text, 200);
    expect(read('theme=dark, cms_session=1')?.text).toBe('theme=dark; cms_session=1');
    expect(read('a=1; b=2, c=3; d=4')?.text).toBe('a=1; b=2; c=3; d=4');
    // A field without `=` is one all the same, and its quotes are none of the next one's.
    expect(read('flag, session="t"')?.text).toBe('flag; session="t"');
    for (const one of [
      'json=[1, 2, 3]',
      'a="x, session=t"',
      'a="x, session=t"; b=2',
      'a=1,b=2',
      'a=1,  b=2',
      ' a=1 ;b=2;; ',
    ])
      expect(read(one)?.text, one).toBe(one);
    expect(read('a="x, session=t"')?.cookies.has('session')).toBe(false);
  });

  it('are not hidden by a quote that nobody closes', () => {
    for (const text of ['a="x, session=t', 'a="x, session="t"', 'a="x; b=1, session=t', 'a="x"y, session=t'])
      expect(readCookies(text, 200)?.cookies.has('session'), text).toBe(true);
  });

  it('of two fields of one name are two', () => {
    expect(parse('session=a, session=b')).toEqual({ session: ['a', 'b'] });
  });

  it('are read alike from what goes on', () => {
    const text = fc.array(
      fc.constantFrom('a', 'session', '=', '"', ',', ' ', ', ', ';', '; ', 'x', '[', '%00', '\\'),
      { maxLength: 24 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const read = readCookies(parts.join(''), 200);
        const again = readCookies(read?.text ?? null, 200);
        expect(again?.text).toBe(read?.text);
        expect([...(again?.cookies ?? [])]).toEqual([...(read?.cookies ?? [])]);
      }),
      { numRuns: 5000 },
    );
  });

  it('are bounded in number, empty ones too, and in time', () => {
    expect(readCookies(Array(200).fill('a=1').join('; '), 200)?.cookies.get('a')).toHaveLength(200);
    for (const pair of ['a=1; ', 'a=;', ';', 'a=1, ', 'a', 'a, a=, '])
      expect(readCookies(pair.repeat(2000), 200) === null || pair === 'a', pair).toBe(true);
    const startedMs = performance.now();
    for (const part of ['a=", ', 'a="x, ', '"', '"=', ', ', ', a', 'a=" ', '=" ', '="", '])
      readCookies(part.repeat(200_000 / part.length), 100_000);
    // Quadratic time would be minutes.
    expect(performance.now() - startedMs).toBeLessThan(20_000);
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

  it('are taken out where PHP would read their name in an array, or in front of a NUL', () => {
    const names = new Set(['session']);
    for (const other of [
      'session[x]',
      'session[',
      'session[x][y]',
      'Session[x]',
      '%73ession[]',
      'session%00x',
      'session%2500',
      'session%00[x',
      '%2573ession',
      '%25252573ession',
      '%%373ession',
      'session [x]',
      'session%20%00[',
      '%00session',
      ' session%20',
    ])
      expect(withoutCookies(`a=1; ${other}=x; b=2`, names), other).toBe('a=1; b=2');
    // Behind a comma without a blank, which old servers take for the end of a pair.
    expect(withoutCookies('a=1,session=x; b=2', names)).toBe('a=1; b=2');
    expect(withoutCookies('a="1, session[x]=2"; b=2', names)).toBe('a="1; b=2');
    for (const other of ['sessions', 'x[session]', 'a%00session', 'session_x', 'my.session'])
      expect(withoutCookies(`a=1; ${other}=x`, names), other).toBe(`a=1; ${other}=x`);
  });

  it('are taken out as one would who decodes, trims and folds each name', () => {
    const visible = (text: string) => text.replace(/^[^!-~]+/, '').replace(/[^!-~]+$/, '');
    const php = (text: string) => text.replace(/[. []/g, '_');
    const decode = (text: string) =>
      text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    const isRead = (name: string) => {
      let text = name;
      for (let round = 0; round < 8; round++) text = decode(text);
      const whole = visible(text.toLowerCase());
      return [whole, whole.split('\0')[0] ?? '', whole.split('[')[0] ?? ''].some(
        (one) => php(visible(one)) === 'my_sid',
      );
    };
    const part = fc.constantFrom(
      'my',
      'My',
      '_',
      '.',
      '%2e',
      '%252E',
      '%5F',
      ' ',
      'sid',
      's',
      'id',
      '%73',
      '%2573',
      '%%373',
      '%53',
      '[',
      '%5b',
      '%00',
      '%2500',
      ']',
      'x',
      '%20',
      '%',
      '\u00a0',
      '%c2%a0',
      '%7F',
      '25',
      '%25',
      '+',
    );
    const spelling = fc.oneof(
      fc.array(part, { maxLength: 7 }),
      fc
        .tuple(
          part,
          fc.constantFrom('_', '.', '%252E', ' ', '['),
          fc.constantFrom('sid', '%53id', '%2573%69d'),
          part,
          part,
        )
        .map(([a, b, c, d, e]) => [a, 'my', b, c, d, e]),
    );
    fc.assert(
      fc.property(spelling, (parts) => {
        const name = parts.join('');
        const taken = withoutCookies(`a=1; ${name}=x`, new Set(['my_sid'])) === 'a=1';
        // Never fewer. Where a `%` is left over that nobody decodes, or a second `[` stands behind the first, more may be.
        if (isRead(name)) expect(taken, name).toBe(true);
        else if (!name.includes('%') && name.split('[').length < 3) expect(taken, name).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('are taken out by a pattern', () => {
    const globs = [
      ['sb-', '-auth-token'],
      ['wordpress_logged_in_', ''],
    ];
    expect(withoutCookies('SB-x-auth-token=1; a=1; wordpress.logged_in_ab[0]=2', new Set(), globs)).toBe(
      'a=1',
    );
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
