import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../../src/http/cookies.ts';
import { findCredential } from '../../../src/identity/credential.ts';
import { newTokenEntry } from '../../../src/identity/token-memory.ts';
import { readerOf } from '../../../src/identity/token-reader.ts';
import {
  type CredentialInput,
  compileCredentials,
} from '../../../src/policy/providers/credential-sources.ts';
import { supabaseCookies } from '../../support/supabase-cookies.ts';
import { pairFor, provider, sign } from './fixtures.ts';

const pair = await pairFor('HS256');
// The library asks the clock of the machine whether a session has ended.
const exp = Math.floor(Date.now() / 1000) + 7200;
const token = await sign(pair, { sub: 'alice', exp, user_metadata: { name: 'Ä'.repeat(20) } });
const SUPABASE: CredentialInput = { cookie: 'sb-*-auth-token', format: 'supabase' };
const CHUNKED: CredentialInput = { cookie: 'session', format: 'chunked' };

/** What a provider makes of a Cookie field: the text of the token, or why there is none. */
function read(cookie: string, place: CredentialInput, tokenBytes = 8192) {
  const headers = new Headers({ cookie });
  const credentials = compileCredentials([place]);
  const made = provider(pair, { credentials });
  const found = findCredential(headers, parseCookies(headers), made, tokenBytes);
  if (found.kind !== 'found') return found.kind === 'invalid' ? found.code : 'missing';
  return newTokenEntry(found.token, readerOf(made, found.packed))?.token.text ?? 'ERR_TOKEN_MALFORMED';
}

describe('a session of @supabase/ssr', () => {
  it('is read out of one cookie, and out of chunks', async () => {
    const whole = await supabaseCookies(token);
    expect(whole).toHaveLength(1);
    expect(whole[0]).toMatch(/^sb-abcdefghijklmnopqrst-auth-token=base64-/);
    expect(read(whole.join('; '), SUPABASE)).toBe(token);
    const chunks = await supabaseCookies(token, 'é'.repeat(2000));
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks[0]).toMatch(/^sb-abcdefghijklmnopqrst-auth-token\.0=base64-/);
    expect(read(`theme=dark; ${chunks.join('; ')}; x=1`, SUPABASE)).toBe(token);
  });
});

const packed = (object: unknown) => `base64-${Buffer.from(JSON.stringify(object)).toString('base64url')}`;

describe('a token in a JSON object', () => {
  it('stands where the format says', () => {
    expect(read(`sb-a-auth-token=${packed({ access_token: token })}`, SUPABASE)).toBe(token);
    const json = { cookie: 's', format: { json: 'access_token' } } as const;
    expect(read(`s=${encodeURIComponent(JSON.stringify({ access_token: token }))}`, json)).toBe(token);
    expect(read(`s=${JSON.stringify({ access_token: token })}`, json)).toBe(token);
    const inner = { cookie: 's', format: { json: 'tokens.access' } } as const;
    expect(read(`s=${encodeURIComponent(JSON.stringify({ tokens: { access: token } }))}`, inner)).toBe(token);
  });

  it.each([
    ['no prefix', packed({ access_token: 'x' }).slice(7)],
    ['another spelling of base64', `${packed({ access_token: 'a' })}=`],
    ['no JSON', 'base64-AAAA'],
    ['a list', packed(['x'])],
    ['no token in it', packed({ refresh_token: 'x' })],
    ['a member of the prototype', packed({})],
    [
      'the member twice',
      `base64-${Buffer.from('{"access_token":"a","access_token":"b"}').toString('base64url')}`,
    ],
    ['another type', packed({ access_token: 1 })],
    ['deep nesting', packed({ access_token: 'x', a: JSON.parse('['.repeat(40) + ']'.repeat(40)) })],
  ])('%s is refused', (_, text) => {
    expect(read(`sb-a-auth-token=${text}`, SUPABASE)).toBe('ERR_TOKEN_MALFORMED');
  });
});

describe('chunks', () => {
  const third = Math.ceil(token.length / 3);
  const parts = [0, 1, 2].map((i) => token.slice(i * third, (i + 1) * third));
  const chunk = (i: number, name: string | number = i) => `session.${name}=${parts[i]}`;

  it('are the text that was cut, in their order', () => {
    expect(read(`a=1; ${chunk(0)}; b=2; ${chunk(1)}; ${chunk(2)}`, CHUNKED)).toBe(token);
    expect(read(`session=${token}`, CHUNKED)).toBe(token);
    expect(read(`session.0=${token}`, CHUNKED)).toBe(token);
    expect(read(`session.sig=x; session=${token}; session2.0=y`, CHUNKED)).toBe(token);
  });

  it.each([
    ['one is missing at the beginning', `${chunk(1)}; ${chunk(2)}`],
    ['one is missing in between', `${chunk(0)}; ${chunk(2)}`],
    ['they are out of order', `${chunk(1)}; ${chunk(0)}; ${chunk(2)}`],
    ['one is numbered oddly', `${chunk(0)}; ${chunk(1, '01')}; ${chunk(2)}`],
    ['one is numbered with letters', `${chunk(0)}; ${chunk(1, '1x')}; ${chunk(2)}`],
    ['one is empty', `${chunk(0)}; session.1=; ${chunk(2)}`],
    ['the last is empty', `${chunk(0)}; ${chunk(1)}; ${chunk(2)}; session.3=`],
    ['the first is empty', `session.0=; ${chunk(1)}`],
    ['they are too many', Array.from({ length: 25 }, (_, i) => `session.${i}=a`).join('; ')],
  ])('%s: malformed', (_, cookie) => {
    expect(read(cookie, CHUNKED)).toBe('ERR_TOKEN_MALFORMED');
  });

  it('longer than the bound together are malformed, though none of them is', () => {
    const cookie = [chunk(0), chunk(1), chunk(2)].join('; ');
    expect(read(cookie, CHUNKED, token.length)).toBe(token);
    expect(read(cookie, CHUNKED, token.length - 1)).toBe('ERR_TOKEN_MALFORMED');
  });

  it.each([
    ['beside a whole one', `session=${token}; ${chunk(0)}`],
    ['beside a whole one that comes later', `${chunk(0)}; session=${token}`],
    ['beside an empty whole one', `session=; session.0=${token}`],
    ['one of them twice, with two values', `${chunk(0)}; session.0=x; ${chunk(1)}; ${chunk(2)}`],
  ])('%s: ambiguous', (_, cookie) => {
    expect(read(cookie, CHUNKED)).toBe('ERR_CREDENTIAL_AMBIGUOUS');
  });

  it('one of them twice with one value counts once', () => {
    expect(read(`${chunk(0)}; ${chunk(0)}; ${chunk(1)}; ${chunk(2)}; ${chunk(1)}`, CHUNKED)).toBe(token);
  });

  it('of two cookies that a pattern means are ambiguous, in whatever order they come', () => {
    const [a, b] = ['sb-a-auth-token', 'sb-b-auth-token'];
    for (const cookie of [`${a}=x; ${b}=y`, `${a}.0=x; ${b}.0=y`, `${a}.0=x; ${b}=y`, `${a}=; ${b}=y`])
      expect(read(cookie, SUPABASE), cookie).toBe('ERR_CREDENTIAL_AMBIGUOUS');
  });

  it('that are all empty are nobody', () => {
    for (const cookie of ['session=', 'session.0=', 'session.0=; session.1=', 'other=1'])
      expect(read(cookie, CHUNKED), cookie).toBe('missing');
  });

  it('no text reads as two tokens: what is read is what stands there, joined', () => {
    const names = fc.constantFrom(
      'session',
      'session.0',
      'session.1',
      'session.00',
      'session.2',
      'session.a',
      'x',
    );
    const pairs = fc.array(fc.tuple(names, fc.constantFrom('a', 'b', '')), { maxLength: 6 });
    fc.assert(
      fc.property(pairs, (sent) => {
        const cookie = sent.map(([name, value]) => `${name}=${value}`).join('; ');
        const headers = new Headers({ cookie });
        const made = provider(pair, { credentials: compileCredentials([CHUNKED]) });
        const found = findCredential(headers, parseCookies(headers), made, 100);
        if (found.kind !== 'found') return;
        const counted = new Map(sent.filter(([name]) => /^session(?:\.\d+)?$/.test(name)));
        const ordered = [...counted.keys()];
        expect(ordered).toEqual(counted.has('session') ? ['session'] : ordered.map((_, i) => `session.${i}`));
        expect(found.token).toBe([...counted.values()].join(''));
        expect(found.credentialSource).toMatchObject({ kind: 'cookies', name: 'session', names: ordered });
      }),
    );
  });
});

it('a pattern takes linear time, whatever the names', () => {
  const long = `sb-${'-auth-token.'.repeat(1300)}`;
  const cookie = Array.from({ length: 200 }, (_, i) => `${long.slice(0, 60 + i)}=1`).join('; ');
  const before = performance.now();
  for (let i = 0; i < 50; i++) read(`${cookie}; ${long}=1`, SUPABASE);
  expect(performance.now() - before).toBeLessThan(5000);
});
