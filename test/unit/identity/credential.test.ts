import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../../src/http/cookies.ts';
import { findCredential } from '../../../src/identity/credential.ts';
import type { SearchedSource } from '../../../src/policy/providers/credential-sources.ts';
import { pairFor, provider } from './fixtures.ts';

const BEARER: SearchedSource = { kind: 'header', name: 'authorization', scheme: 'bearer' };
const COOKIE: SearchedSource = { kind: 'cookie', name: 'session' };
const PLAIN: SearchedSource = { kind: 'header', name: 'x-token', scheme: null };
const pair = await pairFor('HS256');

function find(init: [string, string][], credentials: readonly SearchedSource[] = [BEARER, COOKIE]) {
  const headers = new Headers(init);
  return findCredential(headers, parseCookies(headers), provider(pair, { credentials }), 100);
}

const AMBIGUOUS = { kind: 'invalid', code: 'ERR_CREDENTIAL_AMBIGUOUS' };
const MALFORMED = { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };

describe('a credential', () => {
  it('is what follows the scheme, whose case does not count', () => {
    for (const value of ['Bearer abc', 'bearer abc', 'BEARER   abc  ']) {
      expect(find([['authorization', value]])).toEqual({
        kind: 'found',
        token: 'abc',
        credentialSource: BEARER,
      });
    }
  });

  it('is missing where no place holds a value', () => {
    expect(find([])).toEqual({ kind: 'missing' });
    expect(find([['cookie', 'session=; other=abc']])).toEqual({ kind: 'missing' });
  });

  it('of another scheme is somebody else’s', () => {
    for (const value of ['Basic YTpi', 'Bearerabc', 'Digest username="a", realm="b"', 'DPoP abc']) {
      expect(find([['authorization', value]])).toEqual({ kind: 'missing' });
    }
  });

  it('is taken from the first place that holds one', () => {
    const both: [string, string][] = [
      ['authorization', 'Bearer abc'],
      ['cookie', 'session=def'],
    ];
    expect(find(both)).toMatchObject({ token: 'abc' });
    expect(find(both, [COOKIE, BEARER])).toMatchObject({ token: 'def', credentialSource: COOKIE });
  });

  it('that stands there twice is ambiguous', () => {
    const pairs: [string, string][][] = [
      [
        ['authorization', 'Bearer abc'],
        ['authorization', 'Bearer abc'],
      ],
      [
        ['authorization', 'Bearer abc'],
        ['authorization', 'Basic YTpi'],
      ],
      [
        ['authorization', 'Basic YTpi'],
        ['authorization', 'Bearer abc'],
      ],
      [['authorization', 'Bearer abc, Bearer def']],
      [['cookie', 'session=abc; session=def']],
      [['cookie', 'session=abc; session=abc; session=']],
      [
        ['cookie', 'session=abc'],
        ['cookie', 'session=def'],
      ],
    ];
    for (const init of pairs) expect(find(init)).toEqual(AMBIGUOUS);
    expect(
      find(
        [
          ['x-token', 'abc'],
          ['x-token', 'def'],
        ],
        [PLAIN],
      ),
    ).toEqual(AMBIGUOUS);
  });

  it('that a cookie brings twice with one value is one', () => {
    const cookie = { kind: 'cookie', name: 'session' } as const;
    expect(find([['cookie', 'session=abc; a=1; session="abc"']])).toEqual({
      kind: 'found',
      token: 'abc',
      credentialSource: cookie,
    });
    const places = [{ kind: 'cookiePattern', pattern: 'sb-*-token', glob: ['sb-', '-token'] }] as const;
    expect(find([['cookie', 'sb-x-token=a; sb-x-token=a']], places)).toMatchObject({ token: 'a' });
  });

  it('by a pattern is in the one cookie that it means, and known by that name', () => {
    const places = [{ kind: 'cookiePattern', pattern: 'sb-*-token', glob: ['sb-', '-token'] }] as const;
    expect(find([['cookie', 'a=1; sb-x-token=abc; sb-token=def']], places)).toEqual({
      kind: 'found',
      token: 'abc',
      credentialSource: { kind: 'cookie', name: 'sb-x-token' },
    });
    for (const cookie of [
      'sb-x-token=a; sb-y-token=b',
      'sb-x-token=a; sb-x-token=b',
      'sb-x-token=a; sb-x-token=a; sb-y-token=a',
      'sb-x-token=; sb-y-token=b',
    ])
      expect(find([['cookie', cookie]], places), cookie).toEqual(AMBIGUOUS);
    for (const cookie of ['sb-token=a', 'SB-x-token=a', 'sb-x-token='])
      expect(find([['cookie', cookie]], places), cookie).toEqual({ kind: 'missing' });
  });

  it('that is empty or too long is malformed', () => {
    expect(find([['authorization', 'Bearer']])).toEqual(MALFORMED);
    expect(find([['authorization', 'Bearer ']])).toEqual(MALFORMED);
    expect(find([['authorization', `Bearer ${'a'.repeat(101)}`]])).toEqual(MALFORMED);
    expect(find([['cookie', `session=${'a'.repeat(101)}`]])).toEqual(MALFORMED);
  });

  it('in a header without a scheme is the whole value', () => {
    expect(find([['x-token', 'abc']], [PLAIN])).toEqual({
      kind: 'found',
      token: 'abc',
      credentialSource: PLAIN,
    });
  });
});
