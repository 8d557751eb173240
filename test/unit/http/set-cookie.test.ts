import { expect, it } from 'vitest';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { removeSetCookie, setCookieNames } from '../../../src/http/set-cookie.ts';

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

it('names are named once, in order, ten at most, and what is no name is a question mark', () => {
  const lines = ['b=1; Path=/', 'a=2', 'b=3', 'no-value', '=x', 'sp ace=1', `${'n'.repeat(65)}=1`];
  expect(setCookieNames(new HeaderFields(lines.map((line) => ['set-cookie', line])))).toEqual([
    'b',
    'a',
    'no-value',
    '?',
  ]);
  const many = Array.from({ length: 30 }, (_, i) => ['set-cookie', `c${i}=1`] as const);
  expect(
    setCookieNames(new Headers(many.map(([name, value]): [string, string] => [name, value]))),
  ).toHaveLength(10);
});
