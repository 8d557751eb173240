import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAmbiguous, isResolved } from '../../../src/http/target.ts';
import { decodeOnce } from '../../../src/paths/decode.ts';
import { foldCharacters, mapped } from '../../../src/paths/fold-characters.ts';
import { foldConstraint } from '../../../src/paths/fold-constraint.ts';
import { foldPattern, textsOf } from '../../../src/paths/fold-pattern.ts';
import { foldFully, foldingOf } from '../../../src/paths/folding-table.ts';
import { normalPath } from '../../../src/paths/normal-path.ts';
import { normalPattern, patternFix } from '../../../src/paths/normal-pattern.ts';
import { foldPath, readingsOf } from '../../../src/paths/readings.ts';

const folding = foldingOf([
  '/api/me',
  '/über',
  '/straße',
  '/việt',
  '/ガイド',
  'abcdefghijklmnopqrstuvwxyz0123456789',
]);

describe('the normal form of a path', () => {
  it.each([
    ['/%61pi/%7Eme', '/api/~me'],
    ['/%c3%bcber', '/%C3%BCber'],
    ['/über', '/%C3%BCber'],
    ['/a b"<>^`{}', '/a%20b%22%3C%3E%5E%60%7B%7D'],
    ['/@', '/@'],
    ['/%40', '/%40'],
    ['/a%2fb', '/a%2Fb'],
    ['/%fcber', '/%FCber'],
    ['/\ud800', '/%EF%BF%BD'],
    // Beside a broken escape nothing is decoded: it could make a new one.
    ['/%%341', '/%%341'],
  ])('of %s is %s', (path, normal) => {
    expect(normalPath(path)).toBe(normal);
  });

  it('is its own, and says the same as the path', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 5 })), (segments) => {
        const path = `/${segments.map((segment) => segment.replace(/[?#%]/g, '')).join('/')}`;
        const normal = normalPath(path);
        expect(normalPath(normal)).toBe(normal);
        expect(decodeURIComponent(normal)).toBe(path);
      }),
    );
  });
});

describe('a pattern', () => {
  it.each([
    ['/%c3%bcber/:id', '/%C3%BCber/:id'],
    ['/über/**', '/%C3%BCber/**'],
    ['/%6de/:x(\\d+)', '/me/:x(\\d+)'],
    ['/o\\(1\\)', '/o\\(1\\)'],
    ['/a\\{b\\}', '/a%7Bb%7D'],
    ['/x{/:y}?', '/x{/:y}?'],
    ['/a.:ext', '/a.:ext'],
  ])('%s is %s', (pattern, normal) => {
    expect(patternFix(pattern)).toBeNull();
    expect(normalPattern(pattern)).toBe(normal);
  });

  it.each([
    ['/o(1)', '`\\('],
    ['/files/{id}', '`:id`'],
    ['/faq?', '%3F'],
    ['/100%', '%25'],
    ['/a/../b', 'dot segment'],
    ['/a/%2e', 'dot segment'],
    ['/a//b', 'second slash'],
    ['/a;b', '`;`'],
    ['/a%2fb', 'slashes'],
    ['a/b', '"/"'],
  ])('%s is refused with a fix', (pattern, fix) => {
    expect(patternFix(pattern)).toContain(fix);
  });

  it.each(['/%FCber', '/a%2541', '/．', '/...', '/a；b'])('%s cannot be guarded', (pattern) => {
    expect(foldPattern(pattern, foldingOf(textsOf(pattern)))).toBeNull();
  });

  it('is folded as paths are', () => {
    for (const pattern of ['/Über/STRASSE', '/api/Me', '/my%20account', '/@team/x.y', '/việt', '/ガイド/ﬁ']) {
      const own = foldingOf(textsOf(pattern));
      expect(readingsOf(normalPath(pattern), own)?.whole).toContain(foldPattern(pattern, own)?.pattern);
    }
  });

  it.each([
    ['(\\d+)', '(\\d+)'],
    ['([A-Z0-9]+)', '([a-zA-Z0-9]+)'],
    ['(New|OLD)', '(new|old)'],
    ['(.+\\.PDF)', '(.+\\.pdf)'],
    ['(.{3})', null],
    ['([^a]+)', null],
    ['(ä+)', null],
  ])('the constraint %s for folded text is %s', (constraint, folded) => {
    const outcome = foldConstraint(constraint);
    if (folded === null || outcome === null) return expect(outcome).toBe(folded);
    const [before, after] = [new RegExp(`^${constraint}$`, 'i'), new RegExp(`^${outcome}$`)];
    for (const text of ['7', 'b12', 'new', 'old', 'x.pdf', 'ab', ''])
      expect(after.test(text), text).toBe(before.test(text));
  });
});

describe('folding', () => {
  it('by the tables of a policy is what Unicode says, for what its patterns hold', () => {
    const held = new Set(foldFully('apimüberstraßeviệtガイドbcdfghjklnoqtuvwxyz0123456789/'));
    const differing: string[] = [];
    for (const char of characters()) {
      const fully = foldFully(char);
      if (/\p{Default_Ignorable_Code_Point}/u.test(char) || /[/\\.%;?#\s]/.test(fully)) continue;
      if (![...fully].every((one) => held.has(one))) continue;
      // Marks stand in an order of their own.
      if ([...foldCharacters(char, folding)].sort().join('') !== [...fully].sort().join(''))
        differing.push(char);
    }
    expect(differing).toEqual([]);
  });

  it('makes no character of which a table makes another one', () => {
    const everything = Array.from({ length: 0x1_ffff - 0x80 }, (_, i) => i + 0x80)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code));
    const { plain, special } = foldingOf(everything);
    for (const table of [plain, special]) {
      const folded = new Set(
        everything.flatMap((char) => (mapped(char, table) === char ? [] : [...mapped(char, table)])),
      );
      expect(folded.size).toBeGreaterThan(10);
      for (const char of folded) expect(mapped(char, table)).toBe(char);
    }
  });

  it('does not mind the order of marks', () => {
    for (const text of ['việt', 'vi\u1ec7t', 'vie\u0302\u0323t', 'vie\u0323\u0302t', 'VIỆT'])
      expect(foldCharacters(text, folding)).toBe(foldCharacters('việt', folding));
  });

  it.each([
    ['/Api//Me/;x', '/api/me'],
    ['/api/me.%20', '/api/me'],
    ['/%2561pi/me%3Fx', '/api/me'],
    ['/api%5Cme%00.css', '/api/me'],
    ['/%EF%BD%81pi/m%EF%BC%85', '/api/m%25'],
    ['/%40', '/%40'],
    ['/@', '/%40'],
    ['/', '/'],
  ])('the path %s is %s', (path, folded) => {
    expect(foldPath(path, folding)).toBe(folded);
  });

  it('decodes what is UTF-8, and keeps other bytes apart', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const run = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
        const decoded = decodeOnce(run);
        const isText = isUtf8(bytes);
        expect(/[\uf780-\uf7ff]/.test(decoded)).toBe(!isText);
        if (isText) expect(decoded).toBe(Buffer.from(bytes).toString('utf8'));
      }),
      { numRuns: 2000 },
    );
    expect(decodeOnce('%61%fc%c3%bc%c0%af%ed%a0%80')).toBe('a\uf7fcü\uf7c0\uf7af\uf7ed\uf7a0\uf780');
    expect(decodeOnce('%fc%f0%9f%98%80%e2%82')).toBe('\uf7fc😀\uf7e2\uf782');
  });

  it('ends, for every path', () => {
    const piece = fc.constantFrom(
      '/',
      '%',
      '25',
      '2f',
      '61',
      ';',
      '..',
      '.',
      '%C0',
      '%FC',
      '%u0041',
      '::$',
      '%00',
      '%3f',
      'a',
      '%EF%BC%8F',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const path = normalPath(`/${pieces.join('')}`);
        expect(foldPath(path, folding).length).toBeGreaterThan(0);
        expect((readingsOf(path, folding)?.whole ?? []).length).toBeLessThanOrEqual(32);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a path that is never kept', () => {
  it('has bytes that are no UTF-8, or characters that Unicode takes for separators', () => {
    for (const path of ['/%FCber', '/%C0%AF', '/a%EF%BC%8Fb', '/a%E2%80%A6'])
      expect(isAmbiguous(path), path).toBe(true);
    for (const path of ['/%C3%BCber', '/%E2%82%AC', '/%F0%9F%98%80'])
      expect(isAmbiguous(path), path).toBe(false);
  });

  it('knows all of these characters', () => {
    const wrong = characters().filter(
      (char) => isAmbiguous(`/${encodeURIComponent(char)}`) !== /[/\\.%;]/.test(char.normalize('NFKC')),
    );
    expect(wrong).toEqual([]);
  });

  it('is refused where a dot segment is in it, however often that is encoded', () => {
    for (const path of ['/x/%25252e%25252e/a', '/x/..%253b/a', '/x/..%3Fy', `/%${'25'.repeat(9)}41`])
      expect(isResolved(path), path).toBe(true);
    for (const path of ['/x/%252541', '/x/a..', '/x/...', '/100%'])
      expect(isResolved(path), path).toBe(false);
  });
});

/** Beyond ASCII, and below the planes that hold nothing. */
function characters(): string[] {
  return Array.from({ length: 0x1ff80 }, (_, i) => i + 0x80)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code));
}
