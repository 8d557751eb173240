import fc from 'fast-check';
import { parse, type TomlTable } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { insertToml, type TomlAddition } from '../../../cli/manifest/toml-insert.ts';
import { keyPathText, valueText } from '../../../cli/manifest/toml-text.ts';

function insert(text: string, path: string, value: TomlAddition['value'], isElement = false): string | null {
  return insertToml(text, { path: path.split('.'), value, isElement });
}

describe('a table is added', () => {
  it('behind those of its kind, and before the comment of what follows', () => {
    const text = `[local_server.backends.a]
url = "http://a" # of a

# ---- a first publish
[setup.backends.a]
`;
    expect(insert(text, 'local_server.backends.b', { url: 'http://b' })).toBe(`[local_server.backends.a]
url = "http://a" # of a

[local_server.backends.b]
url = "http://b"

# ---- a first publish
[setup.backends.a]
`);
  });

  it('at the end, where there is none of its kind, and to an empty document', () => {
    expect(insert('name = "x"\n\n# the end\n', 'setup.kv_stores.k', {})).toBe(
      'name = "x"\n\n# the end\n\n[setup.kv_stores.k]\n',
    );
    expect(insert('', 'a.b', { c: 1 })).toBe('[a.b]\nc = 1\n');
  });

  it('into an inline table, and beside dotted keys, which no header may extend', () => {
    expect(
      insert('[local_server]\nbackends = { a = { url = "x" } } # here\n', 'local_server.backends.b', {
        url: 'y',
      }),
    ).toBe('[local_server]\nbackends = { a = { url = "x" }, b = { url = "y" } } # here\n');
    expect(
      insert('local_server.backends.a.url = "x" # a\nlast = 1\n', 'local_server.backends.b', { url: 'y' }),
    ).toBe('local_server.backends.a.url = "x" # a\nlocal_server.backends.b = { url = "y" }\nlast = 1\n');
    expect(insert('setup = {}\n', 'setup.kv_stores.k', {})).toBe('setup = { kv_stores.k = {} }\n');
  });
});

describe('an element is added', () => {
  it('to a list in lines, whose comments stay where they are', () => {
    const list = (last: string) => `[s]\nlist = [\n  { key = "a" }, # of a\n  { key = "b" }${last}\n]\n`;
    expect(insert(list(', # of b'), 's.list', { key: 'c' }, true)).toBe(list(', # of b\n  { key = "c" },'));
    expect(insert(list(''), 's.list', { key: 'c' }, true)).toBe(list(',\n  { key = "c" }'));
    expect(insert(list(' # of b'), 's.list', { key: 'c' }, true)).toBe(list(' # of b\n  , { key = "c" }'));
  });

  it('to a list in one line, an empty one, a list of tables, and one that is not there', () => {
    expect(insert('[s]\nl = [{ key = "a" }]\n', 's.l', { key: 'b' }, true)).toBe(
      '[s]\nl = [{ key = "a" }, { key = "b" }]\n',
    );
    expect(insert('[s]\nl = [ ]\n', 's.l', { key: 'b' }, true)).toBe('[s]\nl = [{ key = "b" } ]\n');
    expect(insert('[[s.l]]\nkey = "a"\n\n[t]\n', 's.l', { key: 'b' }, true)).toBe(
      '[[s.l]]\nkey = "a"\n\n[[s.l]]\nkey = "b"\n\n[t]\n',
    );
    expect(insert('[s]\n', 's.l', { key: 'b' }, true)).toBe('[s]\n\n[[s.l]]\nkey = "b"\n');
  });
});

describe('a value is added', () => {
  it('to its table, and to a new one', () => {
    expect(insert('[a.c]\nx = "1" # x\n\n[b]\n', 'a.c.y', '{"k":[]}')).toBe(
      `[a.c]\nx = "1" # x\ny = '{"k":[]}'\n\n[b]\n`,
    );
    expect(insert('[b]\n', 'a.c.y', 'it\'s "so"')).toBe('[b]\n\n[a.c]\ny = "it\'s \\"so\\""\n');
  });

  it('with the line ends of the document', () => {
    expect(insert('[a]\r\nx = 1\r\n', 'a.y', 2)).toBe('[a]\r\nx = 1\r\ny = 2\r\n');
    expect(insert('[a]\r\nx = 1\r\n', 'b', { z: 3 })).toBe('[a]\r\nx = 1\r\n\r\n[b]\r\nz = 3\r\n');
  });
});

it('what cannot be added without a change of what is there is refused', () => {
  expect(insert('a = "text"\n', 'a.b', { c: 1 })).toBeNull();
  expect(insert('[a]\nb = 5\n', 'a.b', { c: 1 }, true)).toBeNull();
});

/** A table in one of the ways in which TOML may write it. */
type Style = 'headers' | 'inline' | 'dotted';
const name = fc.constantFrom('a', 'b', 'c', 'with space', '', 'ü', 'x-1', '__proto__', 'a"b', 'tail\x7f');
const scalar = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
  fc.integer(),
  fc.boolean(),
  fc.constant('{"keys":[]}'),
);
const leaf = fc.dictionary(name, scalar, { maxKeys: 3, noNullPrototype: true });
const store = fc.oneof(leaf, fc.array(leaf, { minLength: 1, maxLength: 3 }));
const kind = fc.tuple(
  fc.dictionary(name, store, { maxKeys: 3, noNullPrototype: true }),
  fc.constantFrom<Style>('headers', 'inline', 'dotted'),
);
const side = fc.dictionary(fc.constantFrom('backends', 'stores', 'kv'), kind, {
  maxKeys: 3,
  noNullPrototype: true,
});
const manifest = fc.record({ local: side, setup: side });

function written(sides: Record<string, Record<string, [Record<string, unknown>, Style]>>): string {
  const lines = ['# top', 'name = "x" # the name'];
  for (const [top, kinds] of Object.entries(sides)) {
    const inTop = Object.entries(kinds).filter(([, [, style]]) => style !== 'headers');
    if (inTop.length > 0) lines.push(`[${top}] # of ${top}`);
    for (const [key, [stores, style]] of inTop) {
      if (style === 'inline' || Object.keys(stores).length === 0)
        lines.push(`${key} = ${valueText(stores as TomlTable)} # ${key}`);
      else
        for (const [one, value] of Object.entries(stores))
          lines.push(`${keyPathText([key, one])} = ${valueText(value as TomlTable)} # ${key}`);
    }
    for (const [key, [stores, style]] of Object.entries(kinds)) {
      if (style !== 'headers') continue;
      for (const [one, value] of Object.entries(stores)) {
        const header = keyPathText([top, key, one]);
        for (const table of Array.isArray(value) ? value : [value]) {
          lines.push('', `# ${key}`, Array.isArray(value) ? `[[${header}]]` : `[${header}]`);
          for (const [k, v] of Object.entries(table))
            lines.push(`${keyPathText([k])} = ${valueText(v as TomlTable)} # v`);
        }
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

it('whatever the way in which a document is written, one thing is added, and all else stays to the letter', () => {
  const addition = fc.record({
    path: fc.tuple(
      fc.constantFrom('local', 'setup', 'other'),
      fc.constantFrom('backends', 'stores', 'kv'),
      name,
    ),
    value: leaf,
    isElement: fc.boolean(),
  });
  fc.assert(
    fc.property(manifest, addition, (sides, { path, value, isElement }) => {
      const text = written(sides as never);
      const before = parse(text) as Record<string, Record<string, Record<string, unknown>>>;
      const kinds = Object.hasOwn(before, path[0]) ? before[path[0]] : undefined;
      const stores = kinds !== undefined && Object.hasOwn(kinds, path[1]) ? kinds[path[1]] : undefined;
      const there = stores !== undefined && Object.hasOwn(stores, path[2]) ? stores[path[2]] : undefined;
      fc.pre(isElement ? there === undefined || Array.isArray(there) : there === undefined);
      const result = insertToml(text, { path, value, isElement });
      expect(result).not.toBeNull();
      // One insertion: what stands before and behind it is the whole document.
      let head = 0;
      while (head < text.length && text[head] === result?.[head]) head += 1;
      expect(result?.endsWith(text.slice(head))).toBe(true);
      const added = (parse(result ?? '') as typeof before)[path[0]]?.[path[1]]?.[path[2]];
      expect(JSON.stringify(isElement ? (added as unknown[]).at(-1) : added)).toBe(JSON.stringify(value));
    }),
    { numRuns: 300 },
  );
});
