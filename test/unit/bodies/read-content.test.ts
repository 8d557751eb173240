import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content, KeyedContent } from '../../../src/bodies/content.ts';
import { readContent } from '../../../src/bodies/read-content.ts';
import type { BodyRule } from '../../../src/policy/routes/body-rule.ts';

const JSON_RULE: BodyRule = { methods: ['POST', 'QUERY'], form: 'json', maxBytes: 65_536 };
const BYTES_RULE: BodyRule = { ...JSON_RULE, form: 'bytes' };
const LARGE: BodyRule = { ...JSON_RULE, maxBytes: 2_097_152 };

interface Sent {
  readonly rule?: BodyRule;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

async function read(
  body: string | Uint8Array | null,
  { rule = JSON_RULE, method = 'POST', headers = {} }: Sent = {},
): Promise<Content> {
  const fields = new Headers({ 'content-type': 'application/json', ...headers });
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return readContent(rule, { method, headers: fields }, async (limit) =>
    bytes !== null && bytes.byteLength <= limit ? bytes : null,
  );
}
async function keyed(...sent: Parameters<typeof read>): Promise<KeyedContent> {
  const content = await read(...sent);
  if (content.kind !== 'keyed') throw new Error(JSON.stringify(content));
  return content;
}
const why = async (...sent: Parameters<typeof read>) => {
  const content = await read(...sent);
  return content.kind === 'unkeyed' ? content.why : content.kind;
};
const textOf = ({ bytes }: KeyedContent) => new TextDecoder().decode(bytes);

/** Whole characters: half a surrogate pair is refused, and so is what a decoder puts in the place of no character. */
const word = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\ufffd'));
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
);
/** A tree that keeps its members as pairs, so that they can be written in any order. */
type Tree =
  | { readonly kind: 'leaf'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Tree])[] };
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc
      .oneof(word, number, fc.boolean(), fc.constant(null))
      .map((value) => ({ kind: 'leaf' as const, value })),
    fc.array(tie('tree'), { maxLength: 4 }).map((items) => ({ kind: 'list' as const, items })),
    fc
      .uniqueArray(
        fc.tuple(
          fc.oneof(word, fc.constantFrom('__proto__', 'constructor', 'toJSON', '1', '10', '')),
          tie('tree'),
        ),
        { maxLength: 4, selector: ([name]) => name },
      )
      .map((members) => ({ kind: 'object' as const, members })),
  ),
}));

const SPACES = ['', ' ', '\n', '\t ', '\r\n  '];
/** A tree as text, by choices of its own for white space, the order of members, and how characters and numbers are written. */
function written(node: Tree, choose: (below: number) => number): string {
  const space = () => SPACES[choose(SPACES.length)] ?? '';
  const text = (value: string) =>
    choose(2) === 0
      ? JSON.stringify(value)
      : `"${[...value].map((character) => [...Array(character.length).keys()].map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')).join('')}"`;
  const leaf = (value: string | number | boolean | null) => {
    if (typeof value === 'string') return text(value);
    const plain = JSON.stringify(value);
    if (typeof value !== 'number' || /[.e]/.test(plain)) return plain;
    return [plain, `${plain}.0`, `${plain}e0`, `${plain}.00E+0`][choose(4)] ?? plain;
  };
  const joined = (open: string, parts: readonly string[], close: string) =>
    `${open}${space()}${parts.map((part) => `${part}${space()}`).join(`,${space()}`)}${close}`;
  if (node.kind === 'leaf') return leaf(node.value);
  if (node.kind === 'list')
    return joined(
      '[',
      node.items.map((item) => written(item, choose)),
      ']',
    );
  const left = [...node.members];
  const parts: string[] = [];
  while (left.length > 0) {
    const [[name, value] = ['', node]] = left.splice(choose(left.length), 1);
    parts.push(`${text(name)}${space()}:${space()}${written(value, choose)}`);
  }
  return joined('{', parts, '}');
}
const spelling = fc
  .infiniteStream(fc.nat({ max: 1000 }))
  .map((stream) => (below: number) => stream.next().value % below);
/** One text for each value, made another way than the one under test. */
const identity = (node: Tree): string =>
  node.kind === 'leaf'
    ? JSON.stringify([typeof node.value, node.value])
    : node.kind === 'list'
      ? JSON.stringify(node.items.map(identity))
      : JSON.stringify(['object', node.members.map(([name, value]) => [name, identity(value)]).toSorted()]);

describe('a body of JSON', () => {
  it('has one digest however it is written, and the origin gets the same value', async () => {
    await fc.assert(
      fc.asyncProperty(tree, spelling, spelling, async (node, one, other) => {
        const text = written(node, one);
        const [a, b] = [await keyed(text), await keyed(written(node, other))];
        expect([a.digest, textOf(a)]).toEqual([b.digest, textOf(b)]);
        expect(JSON.parse(textOf(a))).toEqual(JSON.parse(text));
        // What is sent is its own spelling: an edge behind this one changes nothing.
        expect(textOf(await keyed(textOf(a)))).toBe(textOf(a));
      }),
      { numRuns: 400 },
    );
  });

  it('has another digest for another value', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, spelling, async (one, other, choose) => {
        const [a, b] = [await keyed(written(one, choose)), await keyed(written(other, choose))];
        expect(a.digest === b.digest).toBe(identity(one) === identity(other));
      }),
      { numRuns: 400 },
    );
  });

  it('has members in the order of RFC 8785, by UTF-16 code units, and its numbers', async () => {
    const text = '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}';
    expect(textOf(await keyed(text))).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
    expect(textOf(await keyed('[333333333.3333333,1E30,4.50,2e-3,0.000000000000000000000000001]'))).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27]',
    );
  });

  it.each([
    ['a member twice', '{"a":1,"a":2}'],
    ['a member twice, spelt otherwise', '{"a":1,"\\u0061":1}'],
    ['a member twice, deep', '[{"b":{"c":1,"d":2,"c":1}}]'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['no double', '[12345678901234567890]'],
    ['beyond all doubles', '[1e400]'],
    ['below all doubles', '[1e-400]'],
    ['-0', '{"a":-0}'],
    ['-0.0', '[-0.0]'],
    ['half a pair', '["\\ud800"]'],
    ['half a pair behind a backslash', '["\\\\\\udfff"]'],
    ['half a pair in a name', '{"\\udc00":1}'],
    ['something behind it', '{"a":1}x'],
    ['two values', '{"a":1}{"a":1}'],
    ['no JSON', '{a:1}'],
    ['NaN', '[NaN]'],
    ['a comma too many', '[1,]'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['too deep', `${'['.repeat(65)}${']'.repeat(65)}`],
  ])('%s is no part of a key', async (_, text) => {
    expect(await why(text)).toBe('json');
  });

  it('of bytes that are no UTF-8 is no part of a key', async () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0xff, 0xfe, 0x31, 0x00],
      [0x22, 0xc0, 0xaf, 0x22],
    ])
      expect(await why(new Uint8Array(bytes))).toBe('json');
  });

  it('whose text only looks like that is one', async () => {
    for (const text of [
      '["\\\\ud800"]',
      '["\\ud83d\\ude00"]',
      '["-0","1e400"]',
      '{"a:a":1,"a":1}',
      '"\\"a\\":1,\\"a\\":1"',
      '0',
      '[]',
    ])
      expect(await why(text)).toBe('keyed');
    expect(JSON.parse(textOf(await keyed('{"__proto__":{"admin":true},"a":1}')))).toHaveProperty('a', 1);
    expect(textOf(await keyed('{"a":1,"__proto__":{"admin":true}}'))).toBe(
      '{"__proto__":{"admin":true},"a":1}',
    );
  });

  it('is as long as the route allows, and there', async () => {
    const rule = { ...JSON_RULE, maxBytes: 10 };
    expect(await why('[12345678]', { rule })).toBe('keyed');
    expect(await why('[123456789]', { rule })).toBe('length');
    expect(await why('', { rule })).toBe('length');
    expect(await why(null)).toBe('length');
  });

  it('is not written anew where the client forbids it', async () => {
    const headers = { 'cache-control': 'max-age=0, No-Transform' };
    expect(await why('{"b":1,"a":2}', { headers })).toBe('no-transform');
    expect(await why('{"a":2,"b":1}', { headers })).toBe('keyed');
  });

  it.each([
    ['application/json', 'application/json'],
    ['Application/JSON; charset=UTF-8', 'application/json'],
    ['application/json;charset="utf-8"', 'application/json'],
    ['application/vnd.api+json', 'application/vnd.api+json'],
    ['application/json; charset=utf-16', null],
    ['application/json; charset=iso-8859-1', null],
    ['application/vnd.api+json; ext="x"', null],
    ['application/json, application/json', null],
    ['application/jsonx', null],
    ['text/json', null],
    ['text/plain', null],
    ['application/x-www-form-urlencoded', null],
    ['', null],
  ])('of %s is of %s', async (type, mediaType) => {
    const content = await read('[1]', { headers: { 'content-type': type } });
    expect(content).toMatchObject(
      mediaType === null ? { kind: 'unkeyed', why: 'media-type' } : { kind: 'keyed', mediaType },
    );
  });

  it('is looked at in time that grows with its length', async () => {
    const started = process.cpuUsage();
    // A parser that tries each of the ways to read one of these needs hours.
    expect(
      await why('[1]', { headers: { 'content-type': `a/b${'; '.repeat(40)}@` }, rule: BYTES_RULE }),
    ).toBe('media-type');
    expect(await why(`"${'\\"'.repeat(500_000)}`, { rule: LARGE })).toBe('json');
    expect(await why('"'.repeat(1_000_001), { rule: LARGE })).toBe('json');
    expect(await why('['.repeat(1_000_000), { rule: LARGE })).toBe('json');
    const { user } = process.cpuUsage(started);
    expect(user / 1e6).toBeLessThan(10);
  });

  it('of another media type, or by another method, is another one', async () => {
    const vendor = { 'content-type': 'application/vnd.api+json' };
    const digests = [
      await keyed('[1]'),
      await keyed('[1]', { headers: vendor }),
      await keyed('[1]', { method: 'QUERY' }),
      await keyed('[1]', { method: 'QUERY', headers: vendor }),
    ].map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(4);
  });
});

describe('a body of bytes', () => {
  it('is what it is, and another one where a byte or its media type differs', async () => {
    const sent = (headers: Record<string, string> = {}) => ({ rule: BYTES_RULE, headers });
    const type = fc.constantFrom('text/plain', 'Text/plain', 'text/plain;charset=utf-8', 'a/b; c="d, e/f"');
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, type, type, async (a, b, typeA, typeB) => {
        const [one, other] = [
          await keyed(a, sent({ 'content-type': typeA })),
          await keyed(b, sent({ 'content-type': typeB })),
        ];
        const isSame = typeA === typeB && Buffer.from(a).equals(Buffer.from(b));
        expect(one.digest === other.digest).toBe(isSame);
        expect([...one.bytes]).toEqual([...a]);
        expect(one.mediaType).toBe(typeA);
      }),
    );
  });

  it('of no media type is one of its own; of something else than a media type it is none', async () => {
    const none = await readContent(
      BYTES_RULE,
      { method: 'QUERY', headers: new Headers() },
      async () => new Uint8Array([1]),
    );
    expect(none).toMatchObject({ kind: 'keyed', mediaType: null });
    for (const type of ['text', 'text/plain, text/html', 'text/plain; a', 'text/ plain', 'text/plain;a="'])
      expect(await why('x', { rule: BYTES_RULE, headers: { 'content-type': type } })).toBe('media-type');
  });
});

it.each(['content-encoding', 'content-language', 'content-location', 'content-range'])(
  'a body with %s is no part of a key, and not read',
  async (name) => {
    for (const rule of [JSON_RULE, BYTES_RULE]) {
      const headers = new Headers({ 'content-type': 'application/json', [name]: 'gzip' });
      const content = await readContent(rule, { method: 'POST', headers }, async () => {
        throw new Error('it was read');
      });
      expect(content).toEqual({ kind: 'unkeyed', why: 'fields' });
    }
  },
);
