import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../../src/http/cookies.ts';
import type { Visitor } from '../../../src/identity/identity.ts';
import { variantOf } from '../../../src/identity/variant.ts';

const ALL = {
  languages: ['en', 'de', 'de-CH'],
  countries: ['DE', 'AT'],
  devices: true,
  cookies: [['ab', ['a', 'b']]],
} as const;
function visitor(
  fields: Record<string, string>,
  country: string | null = null,
  device: 'mobile' | null = null,
): Visitor {
  const headers = new Headers(fields);
  return { headers, cookies: parseCookies(headers), country: () => country, device: () => device };
}

describe('a variant', () => {
  it('has the same values in the key, and to the origin', () => {
    expect(
      variantOf(ALL, visitor({ 'accept-language': 'fr, de-AT;q=0.8', cookie: 'x=1; ab=b' }, 'AT', 'mobile')),
    ).toEqual({
      key: ['language:de', 'country:AT', 'device:mobile', 'cookie:ab=b'],
      told: [
        ['x-claimcache-country', 'AT'],
        ['x-claimcache-device', 'mobile'],
      ],
      forwarded: [
        ['accept-language', 'de'],
        ['cookie', 'ab=b'],
      ],
    });
  });

  it('is the first of each list, and other, where nothing else is known', () => {
    for (const fields of [
      {},
      { 'accept-language': 'fr', cookie: 'ab=A' },
      { 'accept-language': 'en;q=0', cookie: 'ab=b; ab=b' },
    ])
      expect(variantOf(ALL, visitor(fields, 'FR')).key).toEqual([
        'language:en',
        'country:other',
        'device:other',
        'cookie:ab=a',
      ]);
    expect(variantOf({ ...ALL, countries: true }, visitor({}, 'FR')).key[1]).toBe('country:FR');
    expect(variantOf({ ...ALL, countries: true }, visitor({})).key[1]).toBe('country:other');
  });

  it('is one of those that the policy lists, whatever is sent', () => {
    const values = fc.record({ 'accept-language': fc.string(), cookie: fc.string() });
    const languages = new Set(ALL.languages.map((one) => `language:${one}`));
    fc.assert(
      fc.property(values, (fields) => {
        const sent = Object.fromEntries(
          Object.entries(fields).map(([name, text]) => [name, text.replace(/[^\x20-\x7e]/g, '')]),
        );
        const [language = '', , , cookie] = variantOf(ALL, visitor(sent)).key;
        expect(languages.has(language)).toBe(true);
        expect(['cookie:ab=a', 'cookie:ab=b']).toContain(cookie);
      }),
    );
  });

  it.each([
    ['de-CH-1996', 'de-CH'],
    ['DE-ch', 'de-CH'],
    ['de;q=0.5, en;q=0.6', 'en'],
    ['de;q=1.5, de-CH;q=0.1', 'de-CH'],
    ['*, de', 'de'],
    ['de-x-private', 'de'],
    [`${'fr,'.repeat(32)}de`, 'en'],
  ])('of %j the language is %s (RFC 4647 section 3.4)', (field, language) => {
    expect(variantOf(ALL, visitor({ 'accept-language': field })).key[0]).toBe(`language:${language}`);
  });
});
