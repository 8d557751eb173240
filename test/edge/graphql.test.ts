import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canaryOf, PEOPLE, type Person } from '../site/people.ts';
import type { BuildServiceOptions } from '../support/build-service.ts';
import type { Answer } from '../support/send.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { ask, loggedBy, tokenOf } from './support/client.ts';
import { ADD, clientOf, LIST } from './support/graphql-clients.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

const SERVICE: BuildServiceOptions = { name: 'graphql', policy: 'test/edge/policies/graphql.ts' };
const [alice, bob] = PEOPLE as [Person, Person];
let stack: Stack;
let tokens: { alice: string; bob: string };

beforeAll(async () => {
  stack = await startStack({ service: SERVICE });
  tokens = { alice: await tokenOf(alice), bob: await tokenOf(bob) };
});
afterAll(() => stack?.stop());

interface Sent {
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

/** A body as it stands. */
function post(
  token: string | null,
  body: string,
  { path = '/graphql', headers = {} }: Sent = {},
): Promise<Answer> {
  return ask(stack.edge, token, path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
const query = (token: string | null, text: string, more: object = {}, sent: Sent = {}) =>
  post(token, JSON.stringify({ query: text, ...more }), sent);
/** A query that no cache has seen. */
const fresh = (fields: string) => `query Q${randomUUID().replaceAll('-', '')} { ${fields} }`;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = (text: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } },
});
const purgeKey = (key: string) =>
  ask(stack.edge, stack.operatorToken, '/.edge/purge', {
    method: 'POST',
    body: JSON.stringify({ keys: [key] }),
  });

describe('a POSTed query', () => {
  it('is a HIT for whoever asked it, however it is spelt', async () => {
    const text = fresh('me { name canary }');
    const first = await query(tokens.alice, text);
    expect(first.cache).toBe('MISS');
    expect(first.text).toContain(canaryOf(alice));
    for (const same of [text, `# again\n${text.replaceAll(' ', ',\n  ')}`]) {
      const again = await query(tokens.alice, same);
      expect([again.cache, again.text]).toEqual(['HIT', first.text]);
    }
    // Members in another order, a member that means nothing.
    const reordered = await post(
      tokens.alice,
      JSON.stringify({ extensions: { x: 1 }, variables: null, query: text }),
    );
    expect(reordered.cache).toBe('HIT');
  });

  it('of two people gives two answers, and is never one for nobody', async () => {
    const text = fresh('me { canary } todos { id title owner { canary } }');
    await query(tokens.alice, text);
    const ofBob = await query(tokens.bob, text);
    expect(ofBob.cache).toBe('MISS');
    expect(ofBob.text).toContain(canaryOf(bob));
    expect(ofBob.text).not.toContain(canaryOf(alice));
    const refused = await query(null, text);
    expect(refused.status).toBe(401);
    expect((await query('bad.token.here', text)).status).toBe(401);
    expect((await query(tokens.alice, text)).text).toContain(canaryOf(alice));
  });

  it('a refreshed token still hits', async () => {
    const text = fresh('me { canary }');
    await query(tokens.alice, text);
    const refreshed = await tokenOf(alice, { expiresInSeconds: 1800 });
    expect((await query(refreshed, text)).cache).toBe('HIT');
  });

  it('variables, and the operation’s name, are part of what is asked', async () => {
    const text = `query ($id: ID!, $deep: Boolean!) { todo(id: $id) { title owner @include(if: $deep) { canary } } }`;
    const of = (variables: string) =>
      post(tokens.alice, `{"query":${JSON.stringify(text)},"variables":${variables}}`);
    const plain = await of('{"id":"1","deep":false}');
    const deep = await of('{"id":"1","deep":true}');
    expect([plain.cache, deep.cache]).toEqual(['MISS', 'MISS']);
    expect(deep.text).toContain(canaryOf(alice));
    expect(plain.text).not.toContain(canaryOf(alice));
    expect((await of('{"deep":false , "id":"1"}')).cache).toBe('HIT');
  });

  it('the smallest lifetime of what is in it counts', async () => {
    const ttlOf = async (fields: string) =>
      Number(
        /ttl=(\d+)/.exec(String((await query(tokens.alice, fresh(fields))).headers['cache-status']))?.[1] ??
          0,
      );
    expect(await ttlOf('me { name }')).toBe(300);
    expect(await ttlOf('me { name } announcement { text }')).toBe(20);
    expect(await ttlOf('alias: todos { id }')).toBe(60);
    expect(await ttlOf('...on Query { ...F } } fragment F on Query { todos { id }')).toBe(60);
    // It is in the answer, wherever it comes from.
    expect(await ttlOf('me { __typename } announcement { __typename text }')).toBe(20);
  });

  it('a root field that the policy does not name is not stored with the others', async () => {
    const lines = await loggedBy(stack.edge, () =>
      query(tokens.alice, fresh('todos { id } __schema { queryType { name } }')),
    );
    expect(lines).toMatchObject([{ state: 'MISS', detail: 'no-freshness' }]);
  });

  it('concurrent ones ask the origin once', async () => {
    const text = fresh('me { canary }');
    const answers = await Promise.all(Array.from({ length: 8 }, () => query(tokens.alice, text)));
    expect(new Set(answers.map(({ text: body }) => body)).size).toBe(1);
    expect(answers.filter(({ cache }) => cache === 'MISS')).toHaveLength(1);
  });

  it('an answer with errors goes out and is not stored', async () => {
    const text = fresh('me { name } broken');
    const lines = await loggedBy(stack.edge, async () => {
      for (let i = 0; i < 2; i++) {
        const answer = await query(tokens.alice, text);
        expect(answer.json<{ errors: unknown[] }>().errors).toHaveLength(1);
        expect(answer.json<{ data: { me: { name: string } } }>().data.me.name).toBe('alice');
      }
    });
    expect(lines.map(({ state, detail }) => [state, detail])).toEqual([
      ['MISS', 'graphql-errors'],
      ['MISS', 'graphql-errors'],
    ]);
  });

  it('is cached whatever engine is forced', async () => {
    await stack.edge.configure({ cache_engine: 'readthrough' });
    try {
      const text = fresh('me { canary }');
      const lines = await loggedBy(stack.edge, async () => {
        for (const state of ['MISS', 'HIT']) expect((await query(tokens.alice, text)).cache).toBe(state);
      });
      expect(lines.map(({ engine }) => engine)).toEqual(['core', 'core']);
    } finally {
      await stack.edge.configure({});
    }
  });

  it('an editor’s passes, and empties nothing', async () => {
    const text = fresh('me { name }');
    await query(tokens.alice, text);
    const answer = await query(tokens.alice, text, {}, { headers: { cookie: 'cms_session=x' } });
    expect(answer.cache).toBe('BYPASS');
    expect((await query(tokens.alice, text)).cache).toBe('HIT');
  });
});

describe('purging', () => {
  it('a mutation reaches the origin each time, and empties that person’s entries alone', async () => {
    const text = fresh('todos { title }');
    await query(tokens.alice, text);
    await query(tokens.bob, text);
    const add = 'mutation ($title: String!) { addTodo(title: $title) { title } }';
    for (const title of ['milk', 'bread']) {
      const lines = await loggedBy(stack.edge, () => query(tokens.alice, add, { variables: { title } }));
      expect(lines).toMatchObject([{ lane: 'pass', reason: 'graphql-mutation', purged: 1 }]);
      const after = await query(tokens.alice, text);
      expect(after.cache).toBe('MISS');
      expect(after.text).toContain(title);
    }
    expect((await query(tokens.bob, text)).cache).toBe('HIT');
  });

  it('a mutation that answers with errors purges too: it may have been made', async () => {
    const text = fresh('todos { title }');
    await query(tokens.alice, text);
    const answer = await query(tokens.alice, 'mutation { addTodoBadly(title: "half made") { id } }');
    expect(answer.json<{ errors: unknown[] }>().errors).toHaveLength(1);
    expect((await query(tokens.alice, text)).text).toContain('half made');
  });

  it('type:Todo empties what holds one: by the policy’s fields, or by __typename', async () => {
    const [byField, byName, other] = [
      fresh('anything: todos { title }'),
      fresh('me { __typename } mine: me { id }'),
      fresh('me { name }'),
    ];
    for (const token of [tokens.alice, tokens.bob])
      for (const text of [byField, byName, other]) await query(token, text);
    expect((await purgeKey('type:Todo')).status).toBe(200);
    for (const token of [tokens.alice, tokens.bob]) {
      expect((await query(token, byField)).cache).toBe('MISS');
      expect((await query(token, byName)).cache).toBe('HIT');
    }
    await purgeKey('type:Person');
    expect((await query(tokens.alice, byName)).cache).toBe('MISS');
    expect((await query(tokens.alice, other)).cache).toBe('HIT');
  });

  it('one person’s key empties that person’s answers', async () => {
    const text = fresh('me { name }');
    await query(tokens.alice, text);
    await query(tokens.bob, text);
    await purgeKey(`user:${alice.sub}`);
    expect((await query(tokens.alice, text)).cache).toBe('MISS');
    expect((await query(tokens.bob, text)).cache).toBe('HIT');
  });
});

describe('what is not a single query passes each time', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['a batch', '[{"query":"{ me { name } }"}]', {}, 'graphql-batch'],
    ['a subscription', '{"query":"subscription { todoAdded { id } }"}', {}, 'graphql-subscription'],
    [
      'two operations',
      '{"query":"query A { me { id } } query B { todos { id } }","operationName":"A"}',
      {},
      'graphql-unsupported',
    ],
    ['no GraphQL', '{"query":"{ me { "}', {}, 'graphql-unreadable'],
    ['no JSON', '{"query":"{ me { name } }"', {}, 'graphql-unreadable'],
    [
      'text/plain, which any page may send',
      '{"query":"{ me { name } }"}',
      { 'content-type': 'text/plain' },
      'graphql-unreadable',
    ],
    [
      'a form',
      'query={me{name}}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'graphql-unreadable',
    ],
    [
      'a number that JavaScript would change',
      '{"query":"{ me { name } }","variables":{"n":9007199254740993}}',
      {},
      'graphql-unreadable',
    ],
    [
      'deep nesting',
      JSON.stringify({ query: `${'{me'.repeat(2000)}${'}'.repeat(2000)}` }),
      {},
      'graphql-unreadable',
    ],
    ['deep lists', JSON.stringify({ query: `{me(a:${'['.repeat(20_000)}` }), {}, 'graphql-unreadable'],
    [
      'a bomb of aliases',
      JSON.stringify({ query: `{${Array.from({ length: 3000 }, (_, i) => `a${i}:me{id}`).join(' ')}}` }),
      {},
      'graphql-unreadable',
    ],
    [
      'variables nested without end',
      `{"query":"{ me { name } }","variables":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
      {},
      'graphql-unreadable',
    ],
    [
      'more than the limit',
      JSON.stringify({ query: `{ me { name } } #${'x'.repeat(70_000)}` }),
      {},
      'graphql-unreadable',
    ],
  ])('%s', async (_, body, headers, reason) => {
    const lines = await loggedBy(stack.edge, async () => {
      for (let i = 0; i < 2; i++) expect((await post(tokens.alice, body, { headers })).cache).toBe('BYPASS');
    });
    expect(lines.map((line) => [line.lane, line.reason])).toEqual([
      ['pass', reason],
      ['pass', reason],
    ]);
  });

  it('the origin gets the body as it was, a batch for instance', async () => {
    const answer = await post(tokens.alice, '[{"query":"{ me { name } }"},{"query":"{ me { canary } }"}]');
    expect(answer.json<{ data: { me: { canary?: string } } }[]>()[1]?.data.me.canary).toBe(canaryOf(alice));
  });

  it('fragments in a circle are harmless', async () => {
    const answer = await query(
      tokens.alice,
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A me { id } }',
    );
    expect(answer.status).toBe(400);
    expect(answer.cache).toBe('MISS');
  });

  it('HEAD', async () => {
    const answer = await ask(stack.edge, tokens.alice, '/graphql?query=%7Bme%7Bname%7D%7D', {
      method: 'HEAD',
    });
    expect(answer.cache).toBe('BYPASS');
  });
});

describe('GET', () => {
  const get = (token: string | null, parameters: Record<string, string>, path = '/graphql') =>
    ask(stack.edge, token, `${path}?${new URLSearchParams(parameters)}`);

  it('hits too, whatever the spelling, in an entry of its own', async () => {
    const text = fresh('me { canary }');
    const first = await get(tokens.alice, { query: text });
    expect([first.cache, first.status]).toEqual(['MISS', 200]);
    expect((await get(tokens.alice, { query: `\n${text} #x`, variables: '' })).cache).toBe('HIT');
    expect((await get(tokens.bob, { query: text })).text).not.toContain(canaryOf(alice));
    expect((await query(tokens.alice, text)).cache).toBe('MISS');
  });

  it('of a mutation passes, and the origin refuses it', async () => {
    const answer = await get(tokens.alice, { query: 'mutation { addTodo(title: "x") { id } }' });
    expect([answer.status, answer.cache]).toEqual([405, 'BYPASS']);
  });

  it('of two documents passes', async () => {
    const target = '/graphql?query=%7Bme%7Bname%7D%7D&query=%7Btodos%7Bid%7D%7D';
    expect((await ask(stack.edge, tokens.alice, target)).cache).toBe('BYPASS');
  });

  it('of a hash alone is cached by the hash', async () => {
    const text = fresh('me { canary }');
    const parameters = { extensions: JSON.stringify(byHash(text).extensions) };
    for (let i = 0; i < 2; i++) {
      const unknown = await get(tokens.alice, parameters);
      expect([unknown.cache, unknown.text.includes('PersistedQueryNotFound')]).toEqual(['MISS', true]);
    }
    expect((await get(tokens.alice, { ...parameters, query: text })).cache).toBe('MISS');
    // The marker of an answer that could not be stored lets nobody wait, and gives way to one that can.
    await expect.poll(async () => (await get(tokens.alice, parameters)).cache).toBe('HIT');
    expect((await get(tokens.bob, parameters)).text).toContain(canaryOf(bob));
  });
});

describe('persisted queries, POSTed', () => {
  it('a hash whose text was seen is a query like any other', async () => {
    const text = fresh('me { canary }');
    expect((await query(tokens.alice, text, byHash(text))).text).toContain(canaryOf(alice));
    const byHashAlone = JSON.stringify(byHash(text));
    expect((await post(tokens.alice, byHashAlone)).cache).toBe('MISS');
    expect((await post(tokens.alice, byHashAlone)).cache).toBe('HIT');
    const ofBob = await post(tokens.bob, byHashAlone);
    expect([ofBob.cache, ofBob.text.includes(canaryOf(bob))]).toEqual(['MISS', true]);
  });

  it('a text under a wrong hash passes, and teaches nobody anything', async () => {
    const [text, other] = [fresh('me { canary }'), fresh('todos { id }')];
    const wrong = await query(tokens.alice, other, byHash(text));
    expect([wrong.cache, wrong.status]).toEqual(['BYPASS', 400]);
    const lines = await loggedBy(stack.edge, () => post(tokens.alice, JSON.stringify(byHash(text))));
    expect(lines).toMatchObject([{ reason: 'graphql-unlearned' }]);
  });

  it('the hash of a mutation is never answered from the cache', async () => {
    const add = `mutation M${randomUUID().replaceAll('-', '')} { addTodo(title: "by hash") { id } }`;
    await query(tokens.alice, add, byHash(add));
    const ids = [];
    for (let i = 0; i < 2; i++) {
      const answer = await post(tokens.alice, JSON.stringify(byHash(add)));
      expect(answer.cache).toBe('BYPASS');
      ids.push(answer.text);
    }
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('a hash that nobody knows passes and counts as a write, where the policy does not say ask', async () => {
    const text = fresh('me { name }');
    await query(tokens.alice, text);
    const lines = await loggedBy(stack.edge, () =>
      post(tokens.alice, JSON.stringify(byHash(fresh('me { id }')))),
    );
    expect(lines).toMatchObject([{ lane: 'pass', reason: 'graphql-unlearned', purged: 1 }]);
  });

  it('with ask the client is asked for the text, and the origin is not troubled', async () => {
    const text = fresh('announcement { render }');
    const sent = { path: '/public/graphql' };
    const asked = await post(null, JSON.stringify(byHash(text)), sent);
    expect(asked.json()).toEqual({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(asked.headers['cache-control']).toBe('private, no-store, max-age=0');
    await query(null, text, byHash(text), sent);
    expect((await post(null, JSON.stringify(byHash(text)), sent)).cache).toBe('MISS');
    expect((await post(null, JSON.stringify(byHash(text)), sent)).cache).toBe('HIT');
  });

  it('a trusted document is what the policy says it is', async () => {
    const asQuery = await loggedBy(stack.edge, () => post(tokens.alice, '{"documentId":"mine"}'));
    expect(asQuery).toMatchObject([{ lane: 'scoped', reason: 'scope-verified' }]);
    const asWrite = await loggedBy(stack.edge, () =>
      post(tokens.alice, '{"id":"add","variables":{"title":"x"}}'),
    );
    expect(asWrite).toMatchObject([{ lane: 'pass', reason: 'graphql-mutation' }]);
    const unknown = await loggedBy(stack.edge, () => post(tokens.alice, '{"id":"other"}'));
    expect(unknown).toMatchObject([{ lane: 'pass', reason: 'graphql-unlearned' }]);
  });
});

describe('by entity', () => {
  const sent = { path: '/entities/graphql' };
  const add = async (person: string, title: string) => {
    const text = 'mutation ($title: String!) { addTodo(title: $title) { id } }';
    const answer = await query(person, text, { variables: { title } }, sent);
    return answer.json<{ data: { addTodo: { id: string } } }>().data.addTodo.id;
  };
  const cached = async (person: string, text: string, more: object = {}) =>
    (await query(person, text, more, sent)).cache;
  const purge = (type: string, id: string) =>
    ask(stack.edge, stack.operatorToken, '/.edge/purge', {
      method: 'POST',
      body: JSON.stringify({ type, id }),
    });

  it('a purge of one takes every answer that holds it, whoever’s, and no other', async () => {
    const id = await add(tokens.alice, 'one');
    while (Number(await add(tokens.bob, 'of bob')) < Number(id));
    const other = await add(tokens.alice, 'other');
    const one = `query ($id: ID!) { todo(id: $id) { id title owner { canary } } }`;
    const me = fresh('me { canary }');
    const of = (which: string) => ({ variables: { id: which } });
    for (const token of [tokens.alice, tokens.bob]) {
      expect(await cached(token, one, of(id))).toBe('MISS');
      await cached(token, me);
    }
    await cached(tokens.alice, one, of(other));
    expect(await cached(tokens.alice, one, of(id))).toBe('HIT');
    const purged = await purge('Todo', id);
    expect(purged.json()).toEqual({ purged: [`type:Todo:${id}`, 'type:Todo:~'], soft: false });
    expect(await cached(tokens.alice, one, of(other))).toBe('HIT');
    for (const token of [tokens.alice, tokens.bob]) {
      expect(await cached(token, me)).toBe('HIT');
      expect(await cached(token, one, of(id))).toBe('MISS');
    }
    expect((await query(tokens.bob, one, of(id), sent)).text).toContain(canaryOf(bob));
    expect((await purge('Tod', '1')).status).toBe(400);
  });

  it('an answer is what it would be without, though more is asked', async () => {
    const text = fresh('list: todos { x: title ...F } } fragment F on Todo { owner { name }');
    const plain = await query(tokens.alice, text);
    const answer = await query(tokens.alice, text, {}, sent);
    expect(answer.text).toBe(plain.text);
    expect((await query(tokens.alice, text, {}, sent)).text).toBe(plain.text);
  });

  it('a purge takes what does not say which it holds', async () => {
    const text = fresh('todos { title }');
    await cached(tokens.alice, text);
    expect(await cached(tokens.alice, text)).toBe('HIT');
    await purge('Todo', 'any');
    expect(await cached(tokens.alice, text)).toBe('MISS');
  });

  it('what asks for no id is purged by id once an answer has shown what it holds', async () => {
    const id = await add(tokens.alice, 'shown');
    const text = fresh('todos { title }');
    const first = await query(tokens.alice, text, {}, sent);
    await purge('Todo', 'any');
    const second = await query(tokens.alice, text, {}, sent);
    expect(second).toMatchObject({ cache: 'MISS', text: first.text });
    await purge('Todo', 'any');
    expect(await query(tokens.alice, text, {}, sent)).toMatchObject({ cache: 'HIT', text: first.text });
    await purge('Todo', id);
    expect(await query(tokens.alice, text, {}, sent)).toMatchObject({ cache: 'MISS', text: first.text });
  });

  it('persisted queries are asked for with it too', async () => {
    const text = fresh('todos { mine: id }');
    const first = await query(tokens.alice, text, byHash(text), sent);
    expect(first.json<{ errors?: unknown }>().errors).toBeUndefined();
    expect((await post(tokens.alice, JSON.stringify(byHash(text)), sent)).text).toBe(first.text);
    expect((await post(tokens.alice, JSON.stringify(byHash(text)), sent)).cache).toBe('HIT');
  });

  it.each(['apollo', 'urql'] as const)('a client works through it: %s', async (kind) => {
    for (const [person, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const requests: { cache: string | null; text: string }[] = [];
      const client = clientOf(kind, `${stack.edge.url}/entities/graphql`, await tokenOf(person), requests);
      const title = `${kind} ${randomUUID()}`;
      const seen = async (by = client) => JSON.stringify(await by.query(LIST));
      expect(await seen()).toContain(canaryOf(person));
      await seen();
      expect(requests.map(({ cache }) => cache)).toEqual([expect.anything(), 'HIT']);
      await client.mutate(ADD, { title });
      expect(await seen()).toContain(title);
      const refreshed = await tokenOf(person, { expiresInSeconds: 1800 });
      const again = clientOf(kind, `${stack.edge.url}/entities/graphql`, refreshed, requests);
      expect(await seen(again)).toContain(title);
      expect(requests.at(-1)?.cache).toBe('HIT');
      for (const { text } of requests) expect(text).not.toContain(canaryOf(other));
    }
  });
});

describe('answers as origins send them', () => {
  let scripted: ScriptedStack;
  beforeAll(async () => {
    scripted = await startScriptedStack(SERVICE);
  });
  afterAll(() => scripted?.stop());

  const JSON_TYPE = { 'content-type': 'application/json' };
  const asked = async (acceptEncoding = 'identity') => {
    const text = fresh('a');
    const answers = [];
    for (let i = 0; i < 2; i++) {
      answers.push(
        await ask(scripted.edge, tokens.alice, '/scripted', {
          method: 'POST',
          body: JSON.stringify({ query: text }),
          headers: { ...JSON_TYPE, 'accept-encoding': acceptEncoding },
        }),
      );
    }
    return { states: answers.map(({ cache }) => cache), last: answers[1] as Answer };
  };

  it('packed: stored packed, and looked into; brotli is not asked for', async () => {
    scripted.origin.answer((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipSync('{"data":{"a":1}}'));
    });
    const { states, last } = await asked('br, gzip');
    expect(states).toEqual(['MISS', 'HIT']);
    expect(gunzipSync(last.bytes).toString()).toBe('{"data":{"a":1}}');
    scripted.origin.answer((_request, response) => {
      response
        .writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' })
        .end(gzipSync('{"data":{},"errors":[{}]}'));
    });
    expect((await asked('gzip')).states).toEqual(['MISS', 'MISS']);
  });

  it.each([
    ['longer than can be looked into', `{"data":{"a":"${'x'.repeat(6000)}"}}`, {}],
    [
      'packed to less than that',
      gzipSync(`{"data":{"a":"${'x'.repeat(20_000_000)}"}}`),
      { 'content-encoding': 'gzip' },
    ],
    ['cut off', '{"data":{"a":1}', {}],
    ['HTML', '<html><body>blocked</body></html>', { 'content-type': 'text/html' }],
  ])('%s: handed on whole, not stored', async (_, body, headers) => {
    scripted.origin.answer((_request, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'cache-control': 'max-age=60', ...headers }).end(body);
    });
    const { states, last } = await asked('gzip');
    expect(states).toEqual(['MISS', 'MISS']);
    expect(last.bytes.equals(Buffer.from(body))).toBe(true);
  });

  it('the origin gets a POST with what counts, and nothing else', async () => {
    let sent: { body: string; headers: IncomingHttpHeaders; method: string | undefined } | undefined;
    scripted.origin.answer(async (request, response) => {
      sent = { body: (await request.toArray()).join(''), headers: request.headers, method: request.method };
      response.writeHead(200, JSON_TYPE).end('{"data":{"a":1}}');
    });
    await ask(scripted.edge, tokens.alice, '/scripted?x=1', {
      method: 'POST',
      body: '{"variables":{"b":2,"a":1},"query":"{ b } # é","extensions":{"trace":true}}',
      headers: { ...JSON_TYPE, cookie: 'a=b', 'x-other': '1' },
    });
    expect(sent?.method).toBe('POST');
    expect(sent?.body).toBe('{"query":"{ b } # é","variables":{"a":1,"b":2}}');
    expect(sent?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(sent?.body ?? '')),
      accept: 'application/json',
      authorization: `Bearer ${tokens.alice}`,
    });
    expect(sent?.headers).not.toHaveProperty('cookie');
    expect(sent?.headers).not.toHaveProperty('x-other');
  });
});

describe('a public endpoint', () => {
  const sent = { path: '/public/graphql' };

  it('is cached for everybody, without anybody’s cookies', async () => {
    const text = fresh('announcement { render }');
    const first = await query(null, text, {}, { ...sent, headers: { cookie: 'session=x' } });
    expect(first.cache).toBe('MISS');
    const second = await query(null, text, {}, sent);
    expect([second.cache, second.text]).toEqual(['HIT', first.text]);
  });

  it('what only asks empties nothing, and a mutation no more than its answer names', async () => {
    const text = fresh('announcement { render }');
    await query(null, text, {}, sent);
    await query(
      null,
      'query A { announcement { text } } query B { announcement { text } }',
      { operationName: 'A' },
      sent,
    );
    // With somebody's token it passes.
    expect((await query(tokens.alice, text, {}, sent)).cache).toBe('BYPASS');
    expect((await query(null, text, {}, sent)).cache).toBe('HIT');
    const both = fresh('announcements { id render }');
    await query(null, both, {}, sent);
    const two = 'mutation { announce(id: "2") { __typename id: text mine: id } }';
    for (const failing of [
      'mutation { addTodo(title: "x") { id } }',
      'mutation { announce(id: "7") { text } }',
      // It calls something else an id.
      'mutation { announce(id: "7") { __typename id: text } }',
    ]) {
      await query(null, failing, {}, sent);
      expect((await query(null, text, {}, sent)).cache).toBe('HIT');
      expect((await query(null, both, {}, sent)).cache).toBe('HIT');
    }
    await post(null, '[{"query":"mutation { announce(id: \\"1\\") { id } }"}]', sent);
    expect((await query(null, both, {}, sent)).cache).toBe('HIT');
    const answer = await query(null, two, {}, sent);
    expect(answer.json()).toEqual({
      data: { announce: { __typename: 'Announcement', id: 'Open on Monday.', mine: '2' } },
    });
    expect((await query(null, both, {}, sent)).cache).toBe('MISS');
  });

  it('a body longer than its limit passes whole', async () => {
    const text = `${fresh('announcement { text }')} #${'x'.repeat(4000)}`;
    const answer = await query(null, text, {}, sent);
    expect([answer.cache, answer.json<{ data: unknown }>().data]).toEqual([
      'BYPASS',
      { announcement: { text: 'Open on Monday.' } },
    ]);
  });
});
