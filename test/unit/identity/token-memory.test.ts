import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentify } from '../../../src/identity/identify.ts';
import { createTokenMemory } from '../../../src/identity/token-memory.ts';
import { CLAIMS, NO_STORES, NOW_MS, pairFor, provider, scope, sign } from './fixtures.ts';

const HEAD = Buffer.from('{"alg":"HS256"}').toString('base64url');
/** A token as anybody can make one, that nobody has signed. */
const made = (claims: object) => `${HEAD}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('the memory of tokens', () => {
  it('has one entry for each token, and none for what is no token', () => {
    const memory = createTokenMemory();
    const text = made({ sub: '1' });
    expect(memory.read(text)).toBe(memory.read(text));
    expect(memory.read(made({ sub: '2' }))).not.toBe(memory.read(text));
    expect(memory.read(text)?.token.claims).toEqual({ sub: '1' });
    for (const none of ['', 'a.b', `${text}.`, text.slice(0, -1)]) expect(memory.read(none)).toBeNull();
  });

  it('keeps what has verified, however many tokens have not, and of whatever size they are', () => {
    const flood = fc.array(fc.tuple(fc.nat(), fc.constantFrom(1, 2_000, 60_000)), {
      minLength: 300,
      maxLength: 400,
    });
    fc.assert(
      fc.property(flood, (bad) => {
        const memory = createTokenMemory();
        const good = [1, 2, 3].map((sub) => memory.read(made({ sub })));
        for (const entry of good) if (entry !== null) memory.keep(entry);
        for (const [sub, length] of bad) memory.read(made({ bad: sub, filling: 'x'.repeat(length) }));
        expect([1, 2, 3].map((sub) => memory.read(made({ sub })))).toEqual(good);
        for (const [i, sub] of [1, 2, 3].entries()) expect(memory.read(made({ sub }))).toBe(good[i]);
      }),
      { numRuns: 5 },
    );
  });

  it('is bounded: of either kind the longest unused goes first', () => {
    const memory = createTokenMemory();
    const first = memory.read(made({ n: 0 }));
    for (let n = 1; n <= 250; n++) memory.read(made({ n }));
    expect(memory.read(made({ n: 0 }))).not.toBe(first);

    const used = memory.read(made({ used: true }));
    const unused = memory.read(made({ used: false }));
    for (const entry of [used, unused]) if (entry !== null) memory.keep(entry);
    for (let n = 0; n < 499; n++) {
      const entry = memory.read(made({ good: n }));
      if (entry !== null) memory.keep(entry);
      if (used !== null) memory.keep(used);
    }
    expect(memory.read(made({ used: true }))).toBe(used);
    expect(memory.read(made({ used: false }))).not.toBe(unused);
  });

  it('is bounded by bytes, too', () => {
    const memory = createTokenMemory();
    const large = (n: number) => made({ n, filling: 'x'.repeat(50_000) });
    const first = memory.read(large(0));
    for (let n = 1; n < 25; n++) {
      const entry = memory.read(large(n));
      if (entry !== null) memory.keep(entry);
    }
    if (first !== null) memory.keep(first);
    expect(memory.read(large(0))).toBe(first);
    for (let n = 25; n < 45; n++) {
      const entry = memory.read(large(n));
      if (entry !== null) memory.keep(entry);
    }
    expect(memory.read(large(0))).not.toBe(first);
  });
});

describe('a verified token', () => {
  it('stays known, with what was made of it, through a flood of bad ones', async () => {
    const pair = await pairFor('HS256');
    const what = scope([provider(pair)]);
    const identify = createIdentify(NO_STORES);
    const headers = new Headers({ authorization: `Bearer ${await sign(pair, CLAIMS)}` });
    const first = await identify(headers, what, NOW_MS);
    expect(first).toMatchObject({ kind: 'verified' });
    for (let i = 0; i < 600; i++) {
      const bad = new Headers({ authorization: `Bearer ${made({ ...CLAIMS, i })}` });
      expect(await identify(bad, what, NOW_MS)).toMatchObject({ kind: 'invalid' });
    }
    const again = await identify(headers, what, NOW_MS);
    if (first.kind !== 'verified' || again.kind !== 'verified') throw new Error('not verified');
    expect(again.identity).toBe(first.identity);
  });
});
