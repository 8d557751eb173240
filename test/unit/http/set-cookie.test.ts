import { describe, expect, it } from 'vitest';
import { deletesCookie } from '../../../src/http/deletes-cookie.ts';
import type { ReadonlyFields } from '../../../src/http/fields.ts';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { loggedNames, namesOfSetCookies, removeSetCookie, setsOnly } from '../../../src/http/set-cookie.ts';

const setCookieNames = (headers: ReadonlyFields) => loggedNames(namesOfSetCookies(headers));

/** As the runtime's `Headers` does it where there are some twenty lines. */
class Reluctant extends HeaderFields {
  private lines = 40;
  override has(name: string): boolean {
    return name === 'set-cookie' ? this.lines > 0 : super.has(name);
  }
  override delete(name: string): void {
    if (name === 'set-cookie') this.lines = Math.floor(this.lines / 2);
    else super.delete(name);
  }
}

it('no Set-Cookie is left, though each deletion leaves half of them', () => {
  const headers = new Reluctant();
  removeSetCookie(headers);
  expect(headers.has('set-cookie')).toBe(false);
});

it('what cannot be removed is an error, so that nothing is stored', () => {
  const headers = new HeaderFields([['set-cookie', 'a=1']]);
  headers.delete = () => {};
  expect(() => removeSetCookie(headers)).toThrow('cannot be removed');
});

it('names are named once, in order, ten at most; what is no name, or has none, is a question mark', () => {
  const lines = ['b=1; Path=/', 'a=2', 'b=3', 'no-value', '=x', 'sp ace=1', `${'n'.repeat(65)}=1`];
  expect(setCookieNames(new HeaderFields(lines.map((line) => ['set-cookie', line])))).toEqual([
    'b',
    'a',
    '?',
  ]);
  const many = Array.from({ length: 30 }, (_, i) => ['set-cookie', `c${i}=1`] as const);
  expect(
    setCookieNames(new Headers(many.map(([name, value]): [string, string] => [name, value]))),
  ).toHaveLength(10);
});

it('names are read from the joined field: a date is no end of one, and anything else that could be one is', () => {
  const names = (...lines: string[]) =>
    namesOfSetCookies(new HeaderFields(lines.map((line) => ['set-cookie', line] as const)));
  expect(names('a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT; Path=/', 'b=2')).toEqual(['a', 'b']);
  expect(names('a=1; expires=Thursday, 01-Jan-99 00:00:00 GMT', 'b=2; Secure')).toEqual(['a', 'b']);
  expect(names('a=x, y', 'Secure')).toEqual(['a', '', '']);
  expect(names('a=x, session=1')).toEqual(['a', 'session']);
});

it.each([
  [['XSRF-TOKEN=1', 'laravel_session=2'], true],
  [['XSRF-TOKEN=1'], true],
  [['XSRF-TOKEN=1', 'other=2'], false],
  [['XSRF-TOKEN=1', 'nameless'], false],
  [['XSRF-TOKEN=1', '=x'], false],
  [['xsrf-token=1'], false],
  [['XSRF-TOKEN=a, other=1'], false],
])('%j sets only what is named: %s', (lines, only) => {
  const headers = new HeaderFields(lines.map((line) => ['set-cookie', line] as const));
  expect(setsOnly(headers, ['XSRF-TOKEN', 'laravel_*'])).toBe(only);
  expect(setsOnly(headers, [])).toBe(false);
});

describe('a cookie is deleted', () => {
  const NOW_MS = Date.UTC(2026, 0, 1);
  it.each([
    ['a=; Max-Age=0', true],
    ['a=; max-age=-1; Path=/', true],
    ['a=; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', false],
    ['a=; Max-Age=60; Max-Age=0', true],
    ['a=; Max-Age=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT', true],
    ['a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', true],
    ['a=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/', true],
    ['a=; Expires=Thursday, 01-Jan-70 00:00:00 GMT', true],
    ['a=; Expires=Thu Jan  1 00:00:00 1970', false],
    ['a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT', false],
    ['a=1; Expires=0', false],
    ['a=Max-Age=0', false],
    ['a=', false],
  ])('%s: %s', (line, deleted) => {
    expect(deletesCookie(line, NOW_MS)).toBe(deleted);
  });
});
