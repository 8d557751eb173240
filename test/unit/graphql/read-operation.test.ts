import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { GraphqlOperation, GraphqlQuery } from '../../../src/graphql/graphql-operation.ts';
import { createReadOperation } from '../../../src/graphql/read-operation.ts';
import type { SharedMemory } from '../../../src/graphql/shared-memory.ts';
import type { GraphqlInput } from '../../../src/policy/graphql-rule.ts';
import { compileGraphql } from '../../../src/policy/graphql-rule.ts';
import { documentTokens, spelling } from './documents.ts';

function reader(input: GraphqlInput = {}, shared: SharedMemory | null = null) {
  const rule = compileGraphql(input, 'graphql');
  if (rule === null) throw new Error('a rule');
  const read = createReadOperation(rule, shared);
  return {
    post: (body: string, query = '', accept: string | null = null) => read({ body, query, accept }),
    get: (parameters: Record<string, string> | string, accept: string | null = null) =>
      read({ body: null, query: new URLSearchParams(parameters).toString(), accept }),
    raw: (query: string) => read({ body: null, query, accept: null }),
  };
}
const body = (query: string, more: object = {}) => JSON.stringify({ query, ...more });
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (sha256Hash: unknown, version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});
function asQuery(operation: GraphqlOperation): GraphqlQuery {
  if (operation.kind !== 'query') throw new Error(`a ${operation.kind}`);
  return operation;
}
const digestOf = async (operation: Promise<GraphqlOperation>) => asQuery(await operation).digest;

describe('the key of a query', () => {
  const { post, get } = reader();

  it('two documents share one exactly where their syntax trees are the same', async () => {
    await fc.assert(
      fc.asyncProperty(documentTokens, documentTokens, async (a, b) => {
        const [textA, textB] = [a.join(' '), b.join(' ')];
        const same = print(parse(textA)) === print(parse(textB));
        expect((await digestOf(post(body(textA)))) === (await digestOf(post(body(textB))))).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it('a change of one token is another document', async () => {
    await fc.assert(
      fc.asyncProperty(
        documentTokens,
        fc.nat(),
        fc.constantFrom('z', '7', '"z"', '$z', '@z'),
        async (tokens, at, token) => {
          const changed = tokens.with(at % tokens.length, token);
          const [before, after] = [await post(body(tokens.join(' '))), await post(body(changed.join(' ')))];
          if (after.kind === 'query' && changed.join(' ') !== tokens.join(' ')) {
            expect(after.digest).not.toBe(asQuery(before).digest);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a comment', '{a} # @defer {b}'],
    ['a string', '{a(x:"@defer")}'],
    [
      'a string like a syntax tree',
      '{a(x:"\\"kind\\":\\"Directive\\",\\"name\\":{\\"kind\\":\\"Name\\",\\"value\\":\\"defer")}',
    ],
    ['a name that begins so', '{a @deferred}'],
  ])('what %s says of @defer does not count', async (_, text) => {
    expect((await post(body(text))).kind).toBe('query');
  });

  it('white space, commas and comments do not count', async () => {
    const gaps = fc.array(spelling, { minLength: 5, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(documentTokens, gaps, gaps, async (tokens, first, second) => {
        const spelt = (chosen: string[]) =>
          tokens.map((token, i) => `${token}${chosen[i % chosen.length]}`).join('');
        expect(await digestOf(post(body(spelt(first))))).toBe(await digestOf(post(body(spelt(second)))));
      }),
      { numRuns: 300 },
    );
  });

  it('variables count as values: two that differ anywhere are apart, the order of members is not', async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const withVariables = (variables: string) => post(`{"query":"{a}","variables":{"v":${variables}}}`);
    await fc.assert(
      fc.asyncProperty(value, value, async (a, b) => {
        const [ofA, ofB] = [await withVariables(JSON.stringify(a)), await withVariables(JSON.stringify(b))];
        // A number of more digits passes: the next test.
        if (ofA.kind !== 'query' || ofB.kind !== 'query') return;
        const equal = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(ofA.digest === ofB.digest).toBe(equal);
      }),
      { numRuns: 500 },
    );
    expect(await digestOf(withVariables('{"a":1,"b":[2,{"c":3,"d":4}]}'))).toBe(
      await digestOf(withVariables('{"b":[2,{"d":4,"c":3}],"a":1}')),
    );
  });

  it.each([
    ['42 and "42"', '42', '"42"'],
    ['null and nothing', 'null', '""'],
    ['a member __proto__ and none', '{"__proto__":{"a":1}}', '{}'],
    ['members __proto__ that differ', '{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}'],
    ['lone surrogates', '"\\ud800"', '"\\udbff"'],
    ['composed and decomposed é', '"\\u00e9"', '"e\\u0301"'],
    ['a list and its only item', '[1]', '1'],
    ['names with quotes and colons', '{"a\\":1,\\"b":1}', '{"a":1,"b":1}'],
  ])('%s are apart', async (_, a, b) => {
    const of = (variables: string) => post(`{"query":"{a}","variables":{"v":${variables}}}`);
    expect(await digestOf(of(a))).not.toBe(await digestOf(of(b)));
  });

  it.each(['9007199254740993', '0.12345678901234567', '1e999', '1.2345678e-320', '123456789012345678e3'])(
    'a number that would not survive is never cached: %s',
    async (number) => {
      expect((await post(`{"query":"{a}","variables":{"v":${number}}}`)).kind).toBe('unreadable');
      expect((await post(`{"query":"{a}","variables":{"v":"${number}"}}`)).kind).toBe('query');
      expect((await get({ query: '{a}', variables: `{"v":${number}}` })).kind).toBe('unreadable');
    },
  );

  it('the operation’s name, GET or POST, and the kind of Accept count', async () => {
    const digests = await Promise.all([
      digestOf(post(body('query A{a}'))),
      digestOf(post(body('query A{a}', { operationName: 'A' }))),
      digestOf(post(body('query A{a}', { operationName: '' }))),
      digestOf(post(body('query B{a}'))),
      digestOf(get({ query: 'query A{a}' })),
      digestOf(post(body('query A{a}'), '', 'application/graphql-response+json')),
      digestOf(post(body('query A{a}', persisted(hashOf('query A{a}'))))),
    ]);
    expect(new Set(digests).size).toBe(digests.length);
    expect(await digestOf(post(body('query A{a}'), '', 'text/html, */*'))).toBe(digests[0]);
    expect(await digestOf(post(body('query A{a}', { operationName: null, variables: null })))).toBe(
      digests[0],
    );
  });
});

describe('what the origin gets', () => {
  const { post, get, raw } = reader();

  it('is read again to the very same key, whatever the client sent', async () => {
    const envelope = fc.record(
      {
        query: documentTokens.map((tokens) => tokens.join(' ')),
        operationName: fc.option(fc.string()),
        variables: fc.option(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))),
        extensions: fc.option(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }))),
        tracing: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: ['query'] },
    );
    await fc.assert(
      fc.asyncProperty(envelope, async (sent) => {
        const operation = await post(JSON.stringify(sent));
        if (operation.kind === 'query') {
          expect(await digestOf(post(operation.body ?? ''))).toBe(operation.digest);
          const known = ['query', 'operationName', 'variables', 'extensions'];
          expect(known).toEqual(expect.arrayContaining(Object.keys(JSON.parse(operation.body ?? ''))));
        }
        const { query, operationName, variables } = sent;
        const byGet = await get({
          query,
          ...(operationName == null ? {} : { operationName }),
          ...(variables == null ? {} : { variables: JSON.stringify(variables) }),
        });
        if (byGet.kind === 'query') expect(await digestOf(raw(byGet.parameters))).toBe(byGet.digest);
      }),
      { numRuns: 300 },
    );
  });

  it('the text as it was written, variables in their one spelling, a member __proto__ too', async () => {
    const { body: sent } = asQuery(
      await post(
        '{ "variables":{"b":1.0,"__proto__":{"x":1},"a":2e0},"query":"{ a # é\\n }","extra":{"x":1} }',
      ),
    );
    expect(sent).toBe('{"query":"{ a # é\\n }","variables":{"__proto__":{"x":1},"a":2,"b":1}}');
  });

  it('a number whose value would change is not cached', async () => {
    for (const number of ['-0', '1e400', '12345678901234567890'])
      expect((await post(`{"query":"{ a }","variables":{"n":${number}}}`)).kind).toBe('unreadable');
  });

  it('of a GET, the rest of the query stays apart', async () => {
    const operation = asQuery(await raw('b=2&query=%7Ba%7D&a=1&variables=%7B%22v%22%3A+1%7D'));
    expect(operation.rest).toBe('b=2&a=1');
    expect(operation.parameters).toBe('query=%7Ba%7D&variables=%7B%22v%22%3A1%7D');
  });
});

describe('what is no single query', () => {
  const { post, get, raw } = reader({ limits: { tokens: 100, depth: 10 } });

  it.each<[string, string, string]>([
    ['a mutation', body('mutation{a}'), 'mutation'],
    ['a mutation beside a query', body('query A{a} mutation B{b}', { operationName: 'A' }), 'mutation'],
    ['a subscription', body('subscription{a}'), 'subscription'],
    ['two queries', body('query A{a} query B{b}', { operationName: 'A' }), 'unsupported'],
    ['two of one name', body('query A{a} query A{b}'), 'unsupported'],
    ['@defer', body('{a ...@defer{b}}'), 'unsupported'],
    ['@defer, spelt with a gap', body('{a ...@ ,\n#{\n defer{b}}'), 'unsupported'],
    ['@defer in a fragment', body('query A{...F} fragment F on Q{a @live}'), 'unsupported'],
    ['@stream', body('{a @stream(initialCount:1)}'), 'unsupported'],
    ['an array', '[{"query":"{a}"}]', 'batch'],
    ['an empty array', '[]', 'batch'],
    ['nothing', '', 'unreadable'],
    ['null', 'null', 'unreadable'],
    ['a string', '"{a}"', 'unreadable'],
    ['no document', '{}', 'unreadable'],
    ['an empty document', body(''), 'unreadable'],
    ['comments alone', body('# {a}'), 'unreadable'],
    ['a fragment alone', body('fragment F on Q{a}'), 'unreadable'],
    ['a schema', body('type Query{a:Int}'), 'unreadable'],
    ['a schema beside a query', body('{a} type Query{a:Int}'), 'unreadable'],
    ['a document that is a list', '{"query":["{a}"]}', 'unreadable'],
    ['variables that are a list', body('{a}', { variables: [1] }), 'unreadable'],
    ['variables that are text', body('{a}', { variables: '{}' }), 'unreadable'],
    ['a name that is none', body('{a}', { operationName: 1 }), 'unreadable'],
    ['extensions that are none', body('{a}', { extensions: 1 }), 'unreadable'],
    ['too many tokens', body(`{${'a '.repeat(120)}}`), 'unreadable'],
    ['too deep', body(`${'{a'.repeat(11)}${'}'.repeat(11)}`), 'unreadable'],
    ['brackets without end', body('['.repeat(50_000)), 'unreadable'],
    ['a NUL', body('{a\0}'), 'unreadable'],
    ['two documents', '{"query":"mutation{x}","query":"{y}"}', 'unreadable'],
    ['two documents, one of them escaped', '{"query":"mutation{x}","qu\\u0065ry":"{y}"}', 'unreadable'],
    ['two names', '{"query":"{y}","operationName":"A","operationName":"B"}', 'unreadable'],
    ['two variables', '{"query":"{y}","variables":{"a":1},"variables":{"a":2}}', 'unreadable'],
    ['two members within variables', '{"query":"{y}","variables":{"a":1,"a":2}}', 'unreadable'],
    ['two members deep within a list', '{"query":"{y}","variables":{"l":[1,{"a":1,"a":1}]}}', 'unreadable'],
    [
      'two members within extensions',
      '{"query":"{y}","extensions":{"persistedQuery":1,"persistedQuery":null}}',
      'unreadable',
    ],
    ['two members that are none of GraphQL’s', '{"query":"{y}","x":1,"x":2}', 'unreadable'],
    ['two members __proto__', '{"query":"{y}","__proto__":1,"__proto__":2}', 'unreadable'],
    ['a document in other letters', '{"query":"{y}","QUERY":"mutation{x}"}', 'unreadable'],
    ['a document in letters that Go folds', '{"query":"{y}","extenſions":{}}', 'unreadable'],
    ['a name with a line', '{"query":"{y}","operation_name":"B"}', 'unreadable'],
    ['another way to name a document', '{"query":"{y}","doc_id":"7"}', 'unreadable'],
    ['what a colon in a string could hide', '{"query":"{y(a:\\"x:y\\")}","variables":{"b":"c:d"}}', 'query'],
    ['an escaped quote before a colon', '{"query":"{y}","variables":{"a\\"":"\\":","b":1}}', 'query'],
  ])('%s', async (_, text, kind) => {
    expect((await post(text)).kind).toBe(kind);
    expect((await post(text)).kind).toBe(kind);
  });

  it('nothing that comes makes it throw', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .string({
          unit: fc.constantFrom('{', '}', '(', ')', '[', '"', '\\', '#', '\n', 'a', ':', '$', '.', '@'),
        })
        .map((text) => body(text)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        expect((await post(text)).kind).toBeTypeOf('string');
        expect((await raw(text)).kind).toBeTypeOf('string');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['two documents', 'query=%7Ba%7D&query=%7Bb%7D'],
    ['two documents, one in another spelling', 'query=%7Ba%7D&qu%65ry=%7Bb%7D'],
    ['a broken escape', 'query=%7Ba%7'],
    ['variables that are not JSON', 'query=%7Ba%7D&variables=x'],
    ['none at all', 'x=1'],
  ])('a GET of %s', async (_, query) => {
    expect((await raw(query)).kind).toBe('unreadable');
  });

  it('a GET of a mutation is one', async () => {
    expect((await get({ query: 'mutation{a}' })).kind).toBe('mutation');
  });

  it('a POST whose URL carries a document too: there are servers that prefer it', async () => {
    for (const query of ['query=mutation%7Ba%7D', 'x=1&%71uery=x', 'extensions=%7B%7D', 'id=1']) {
      expect((await post(body('{a}'), query)).kind).toBe('unreadable');
    }
    expect((await post(body('{a}'), 'operationName=A&x=1')).kind).toBe('query');
  });
});

describe('the root fields', () => {
  it.each([
    ['{a b}', ['a', 'b']],
    ['{x:a y:a z:b}', ['a', 'b']],
    ['{...F c} fragment F on Query{a ...G} fragment G on Query{b}', ['a', 'b', 'c']],
    ['{...on Query{a ...{b}}}', ['a', 'b']],
    ['{...A} fragment A on Q{a ...B} fragment B on Q{b ...A}', ['a', 'b']],
    ['{...Missing a{deep{er}}}', ['a']],
    ['{__typename a @include(if:false)}', ['__typename', 'a']],
    ['{...__proto__} fragment __proto__ on Q{constructor}', ['constructor']],
  ])('%s', async (text, fields) => {
    expect(asQuery(await reader().post(body(text))).fields).toEqual(fields);
  });
});

describe('persisted queries', () => {
  const text = 'query A { a }';

  it('a hash that is not that of the text is unreadable, and teaches nothing', async () => {
    const { post } = reader();
    expect((await post(body('{ other }', persisted(hashOf(text))))).kind).toBe('unreadable');
    expect((await post(JSON.stringify(persisted(hashOf(text))))).kind).toBe('unlearned');
  });

  it.each([
    ['upper case', 'A'.repeat(64)],
    ['too short', 'ab'],
    ['no text', 7],
    ['a list', ['a'.repeat(64)]],
  ])('a hash is hex of 64 digits: %s is not read', async (_, hash) => {
    expect((await reader().post(JSON.stringify(persisted(hash)))).kind).toBe('unreadable');
    expect((await reader().post(body(text, persisted(hash)))).kind).toBe('unreadable');
  });

  it('another version of the protocol is not read', async () => {
    expect((await reader().post(JSON.stringify(persisted(hashOf(text), 2)))).kind).toBe('unreadable');
  });

  it('the key of a hash alone is the hash, and the origin gets no more', async () => {
    const { post } = reader();
    const full = asQuery(await post(body(text, persisted(hashOf(text)))));
    const alone = asQuery(await post(JSON.stringify(persisted(hashOf(text)))));
    expect(alone.digest).not.toBe(full.digest);
    expect(alone.fields).toEqual(['a']);
    expect(alone.body).toBe(`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${hashOf(text)}"}}}`);
    expect(JSON.parse(full.body ?? '')).toEqual({ query: text, ...persisted(hashOf(text)) });
  });

  it('the hash of a mutation, once learned, is a mutation', async () => {
    const { post } = reader();
    const write = 'mutation { a }';
    await post(body(write, persisted(hashOf(write))));
    expect((await post(JSON.stringify(persisted(hashOf(write))))).kind).toBe('mutation');
  });

  it('what one sandbox learned, another knows', async () => {
    const entries = new Map<string, string>();
    const shared: SharedMemory = {
      get: async (key) => entries.get(key) ?? null,
      set: async (key, value) => void entries.set(key, value),
    };
    await reader({}, shared).post(body(text, persisted(hashOf(text))));
    const known = await reader({}, shared).post(JSON.stringify(persisted(hashOf(text))));
    expect(asQuery(known).fields).toEqual(['a']);
    // What stands there tells neither the document nor who sent it.
    expect([...entries.values()].join()).not.toContain(text);
  });

  it('what was learned for a policy that looks into nothing does for no other', async () => {
    const entries = new Map<string, string>();
    const shared: SharedMemory = {
      get: async (key) => entries.get(key) ?? null,
      set: async (key, value) => void entries.set(key, value),
    };
    const write = 'mutation { rename { id } }';
    await reader({}, shared).post(body(write, persisted(hashOf(write))));
    const later = reader({ mutations: { rename: ['Todo'] } }, shared);
    // Sent whole once more it is learned anew, with what it purges.
    expect((await later.post(JSON.stringify(persisted(hashOf(write))))).kind).toBe('unlearned');
    await later.post(body(write, persisted(hashOf(write))));
    expect(await later.post(JSON.stringify(persisted(hashOf(write))))).toMatchObject({
      kind: 'mutation',
      roots: [['rename', 'rename']],
    });
  });

  it('a memory that holds something else is a memory that has forgotten', async () => {
    const shared: SharedMemory = { get: async () => '{"kind":"query"', set: async () => {} };
    expect((await reader({}, shared).post(JSON.stringify(persisted(hashOf(text))))).kind).toBe('unlearned');
  });

  it('by GET a hash or an identifier is cached without being known', async () => {
    const { get } = reader();
    const extensions = JSON.stringify(persisted(hashOf(text)).extensions);
    expect(asQuery(await get({ extensions })).fields).toBeNull();
    expect(asQuery(await get({ documentId: 'abc' })).parameters).toBe('documentId=abc');
    expect(await digestOf(get({ documentId: 'abc' }))).not.toBe(await digestOf(get({ id: 'abc' })));
  });

  it('trusted documents are what the policy says they are, by each of their names', async () => {
    const { post, get } = reader({
      documents: { q1: '{ a }', m1: 'mutation { a }', [hashOf('x')]: '{ b }' },
    });
    expect(asQuery(await post('{"documentId":"q1"}')).fields).toEqual(['a']);
    expect(asQuery(await post('{"id":"q1","variables":{"v":1}}')).body).toBe(
      '{"id":"q1","variables":{"v":1}}',
    );
    expect(asQuery(await post(JSON.stringify(persisted(hashOf('x'))))).fields).toEqual(['b']);
    expect((await post('{"id":"m1"}')).kind).toBe('mutation');
    expect((await get({ id: 'm1' })).kind).toBe('mutation');
    expect((await post('{"id":"other"}')).kind).toBe('unlearned');
  });

  it('an identifier beside a text, a hash or another identifier could be read differently', async () => {
    const { post } = reader({ documents: { q1: '{ a }' } });
    for (const more of [{ query: '{ b }' }, persisted(hashOf(text)), { documentId: 'q2' }]) {
      expect((await post(JSON.stringify({ id: 'q1', ...more }))).kind).toBe('unreadable');
    }
  });
});

/** The same value with the members of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map(sorted)];
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, inner]) => [name, sorted(inner)]);
  return ['object', ...members.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))];
}

describe('a GET that an origin may read in two ways', () => {
  it.each([
    'query={y}&query=mutation{x}',
    'query={y}&operationName=A&operationName=B',
    'query={y}&variables={}&variables={"a":1}',
    'query={y}&Query=mutation{x}',
    'query={y}&query[]=mutation{x}',
    'query={y}&%51uery=mutation{x}',
    'query={y};query=mutation{x}',
    'query={y}&a=1;query=mutation{x}',
    'query={y}&query%00=mutation{x}',
    'query=mutation{x}&variables={"a":1,"a":1}',
    'query=mutation{x}&variables=[',
    `query=mutation{${'x '.repeat(3000)}}`,
    'query=mutation{x}&extensions={"persistedQuery":{"version":1,"sha256Hash":"0"}}',
  ])('%s may be a write', async (query) => {
    expect(await reader().raw(query)).toEqual({ kind: 'unreadable', mayWrite: true });
  });

  it.each(['query={y}&a=1;b=2', 'query={y}&hash=1&operation=x', 'query={y}&a=1&a=2'])(
    '%s is a query',
    async (query) => {
      expect((await reader().raw(query)).kind).toBe('query');
    },
  );

  it('nor is one a write that is no GraphQL at all', async () => {
    expect(await reader().raw('page=1')).toEqual({ kind: 'unreadable' });
  });

  it('a POST with a document in its URL, however that is spelt, is unreadable', async () => {
    for (const query of ['Query=mutation{x}', 'a=1;query=mutation{x}', 'query[]=mutation{x}'])
      expect((await reader().post(body('{a}'), query)).kind).toBe('unreadable');
  });
});
