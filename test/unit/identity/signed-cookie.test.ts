import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSignedCookie } from '../../../src/identity/signed-cookie.ts';

const KEY = 'a-key-of-sixteen-bytes-or-more';
const NOW_MS = 1_700_000_000_000;
const PLAIN = {
  kind: 'hmac',
  name: 'cms_sig',
  store: 's',
  item: 'i',
  format: 'plain',
  expires: false,
  covers: 'name',
  prefix: '',
} as const;
const EXPRESS = { ...PLAIN, format: 'express', covers: 'text' } as const;
const hmacOf = (text: string, encoding: 'base64url' | 'hex' | 'base64', key = KEY) =>
  createHmac('sha256', key).update(text).digest(encoding);
/** With the name of the cookie. */
const hmac = (text: string, encoding: 'base64url' | 'hex', key = KEY, name = 'cms_sig') =>
  hmacOf(`${name}=${text}`, encoding, key);
const express = (text: string) =>
  encodeURIComponent(`s:${text}.${hmacOf(text, 'base64').replace(/=+$/, '')}`);
const text = fc.stringMatching(/^[\w.~-]{1,40}$/);

describe('a signed cookie', () => {
  it('counts in either spelling of its signature, whatever its text', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        for (const encoding of ['base64url', 'hex'] as const) {
          expect(await isSignedCookie(`${value}.${hmac(value, encoding)}`, PLAIN, KEY, NOW_MS)).toBe(true);
        }
        expect(await isSignedCookie(express(value), EXPRESS, KEY, NOW_MS)).toBe(true);
      }),
    );
  });

  it('does not count with anything changed, cut or added, or under another key', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.nat(), fc.constantFrom('A', 'b', '0', '.', '='), async (value, at, char) => {
        const good = `${value}.${hmac(value, 'base64url')}`;
        const place = at % good.length;
        const changed = `${good.slice(0, place)}${char}${good.slice(place + 1)}`;
        const others = [changed, good.slice(1), good.slice(0, -1), `${good}${char}`, `${char}${good}`];
        for (const other of others.filter((cookie) => cookie !== good)) {
          expect(await isSignedCookie(other, PLAIN, KEY, NOW_MS)).toBe(false);
        }
        expect(await isSignedCookie(good, PLAIN, `${KEY}x`, NOW_MS)).toBe(false);
        expect(await isSignedCookie(good, EXPRESS, KEY, NOW_MS)).toBe(false);
      }),
    );
  });

  it.each(['', '.', 'a', 'a.', `.${hmac('', 'hex')}`, 's:', 's%3A', '%', 's%3Aa.%'])(
    'is not %j',
    async (value) => {
      for (const rule of [PLAIN, EXPRESS]) expect(await isSignedCookie(value, rule, KEY, NOW_MS)).toBe(false);
    },
  );

  it('ends when its text says so', async () => {
    const rule = { ...PLAIN, expires: true };
    const at = (end: string) => isSignedCookie(`${end}.${hmac(end, 'hex')}`, rule, KEY, NOW_MS);
    expect(await at('editor.1700000001')).toBe(true);
    expect(await at('editor.1700000000')).toBe(false);
    expect(await at('editor')).toBe(false);
    expect(await at('1700000001')).toBe(false);
    // A number that is no time of these centuries.
    expect(await at('editor.99999999999')).toBe(false);
  });

  it('binds its name: another cookie of the same application does not stand in', async () => {
    for (const encoding of ['base64url', 'hex'] as const) {
      const good = (rule: Parameters<typeof isSignedCookie>[1], code: string) =>
        isSignedCookie(`admin.${code}`, rule, KEY, NOW_MS);
      expect(await good(PLAIN, hmac('admin', encoding))).toBe(true);
      for (const other of ['theme', 'cms_si', 'cms_sig2', 'CMS_SIG', '']) {
        expect(await good(PLAIN, hmac('admin', encoding, KEY, other))).toBe(false);
      }
      expect(await good(PLAIN, hmacOf('admin', encoding))).toBe(false);
      // While a back end changes over both count, and no other name.
      const both = { ...PLAIN, covers: 'text' } as const;
      expect(await good(both, hmacOf('admin', encoding))).toBe(true);
      expect(await good(both, hmac('admin', encoding))).toBe(true);
      expect(await good(both, hmac('admin', encoding, KEY, 'theme'))).toBe(false);
    }
  });

  it('may have to begin with what tells it from others of one secret', async () => {
    const rule = { ...EXPRESS, prefix: 'editor:' } as const;
    expect(await isSignedCookie(express('editor:7'), rule, KEY, NOW_MS)).toBe(true);
    for (const other of ['theme:dark', 'xeditor:7', 'Editor:7', 'editor']) {
      expect(await isSignedCookie(express(other), rule, KEY, NOW_MS)).toBe(false);
    }
  });

  it('needs a secret that nobody guesses', async () => {
    for (const key of ['', 'short']) {
      expect(await isSignedCookie(`a.${hmac('a', 'hex', key)}`, PLAIN, key, NOW_MS)).toBe(false);
    }
  });
});
