import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { defaultFieldResolver, execute, type GraphQLFieldResolver, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createReadDocument } from '../../../src/graphql/document.ts';
import { type AnswerPlan, withLearned } from '../../../src/graphql/entities/answer-plan.ts';
import { readEntities } from '../../../src/graphql/entities/read-entities.ts';
import { compileGraphql, type GraphqlInput } from '../../../src/policy/graphql-rule.ts';
import { asJson, isValid, randomOperation, rootValue, schema } from './random-operations.ts';

const ENTITIES = { Todo: 'id', Note: 'id' };
function ruleOf(input: GraphqlInput = { entities: ENTITIES }) {
  const rule = compileGraphql(input, 'graphql');
  if (rule === null) throw new Error('a rule');
  return rule;
}
const rule = ruleOf();
const readDocument = createReadDocument(rule);

async function planOf(text: string): Promise<AnswerPlan> {
  const facts = await readDocument(text);
  if (facts?.kind !== 'query' || facts.plan === null) throw new Error(`no plan: ${text}`);
  return facts.plan;
}
function read(answer: string, plan: AnswerPlan, by = rule) {
  const headers = new Headers({ 'content-type': 'application/json' });
  return readEntities(headers, new TextEncoder().encode(answer), 1_000_000, plan, by);
}
/** What a server answers; `seen` is told of each object that it looks into. */
function answerOf(text: string, seen: (type: string, source: { id?: unknown }) => void = () => {}): string {
  const fieldResolver: GraphQLFieldResolver<{ id?: unknown }, unknown> = (source, args, context, info) => {
    seen(info.parentType.name, source);
    return defaultFieldResolver(source, args, context, info);
  };
  return asJson(execute({ schema, document: parse(text), rootValue, fieldResolver }));
}
/** What goes to the origin, what the client gets, and what is found. */
async function through(text: string, by = rule) {
  const facts = await createReadDocument(by)(text);
  if (facts === null || !('plan' in facts) || !facts.plan) throw new Error('no plan');
  const { plan } = facts;
  const found = await read(answerOf(plan.text ?? text), plan, by);
  if (found === null) throw new Error('not read');
  const asked = plan.text ?? text;
  return {
    plan,
    asked,
    found,
    client: found.bytes === null ? answerOf(asked) : new TextDecoder().decode(found.bytes),
  };
}

describe('what is asked beside the client is taken out again', () => {
  it('any query is valid with it, gives the very same answer, and tells its entities', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const text = randomOperation(gen, fc);
        fc.pre(isValid(text));
        const plan = await planOf(text);
        expect(isValid(plan.text ?? text)).toBe(true);
        const inAnswer = new Set<string>();
        const plain = answerOf(text, (type, { id }) => {
          if (type in ENTITIES) inAnswer.add(`type:${type}:${id}`);
        });
        const { found, client } = await through(text);
        expect(client).toBe(plain);
        for (const key of inAnswer) {
          const type = key.split(':')[1] ?? '';
          expect(found.keys.includes(key) || found.unnamed.includes(type), `${key} of ${text}`).toBe(true);
        }
        expect(found.keys.join()).not.toContain('forged');
      }),
      { numRuns: 60 },
    );
  });

  it('a query of a client that asks for __typename and id goes out as it came', async () => {
    const text =
      '{ todo { __typename id owner { id __typename } } things { ... on Todo { id } __typename } }';
    const { asked, found, client } = await through(text);
    expect([asked, client]).toEqual([text, answerOf(text)]);
    expect(found.keys).toEqual(['type:Todo:42', 'type:Todo:1']);
    // Of a note it asks for no id.
    expect(found.unnamed).toEqual(['Note']);
  });

  it.each([
    ['an alias', '{ todo { mine: id } }', ['type:Todo:42']],
    ['a fragment', '{ todo { ...F } } fragment F on Todo { title }', ['type:Todo:42']],
    ['an inline fragment', '{ node { ... on Todo { title } } }', ['type:Todo:n']],
    ['an id that is left out', '{ todo { title id @skip(if: true) } }', ['type:Todo:42']],
    ['two sets of one member', '{ todo { title } todo { id } }', ['type:Todo:42']],
    ['a number', '{ notes { id } }', ['type:Note:1', 'type:Note:2']],
    ['nothing of either', '{ me { name } }', []],
  ])('the id is found: %s', async (_, text, keys) => {
    const { found, client } = await through(text);
    expect([found.keys, found.unnamed, client]).toEqual([keys, [], answerOf(text)]);
  });

  it('where no id is asked for, the answer may hold any of the type', async () => {
    const { found, client } = await through('{ todo { title } }');
    expect([found.keys, found.unnamed, found.types]).toEqual([[], ['Todo'], ['Todo']]);
    expect(client).toBe('{"data":{"todo":{"title":"forged"}}}');
  });

  it('what an answer shows is asked for the next time: any query is valid with it, and names all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const text = randomOperation(gen, fc);
        fc.pre(isValid(text));
        const plan = await planOf(text);
        const first = await read(answerOf(plan.text ?? text), plan);
        const next = withLearned(plan, first?.withoutId ?? [], rule);
        if (next === null) return;
        expect(isValid(next), next).toBe(true);
        const found = await read(answerOf(next), plan);
        expect(found?.bytes && new TextDecoder().decode(found.bytes)).toBe(answerOf(text));
        // Nothing is left to learn, and nothing is lost.
        expect(found?.withoutId).toEqual([]);
        expect(found?.keys).toEqual(expect.arrayContaining([...(first?.keys ?? [])]));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['{ todo { title } }', [[1, 'Todo']], ['type:Todo:42']],
    ['{ things { ... on Note { text } } }', [[1, 'Todo']], ['type:Todo:1', 'type:Note:1']],
    [
      '{ things { __typename } }',
      [
        [1, 'Todo'],
        [1, 'Note'],
      ],
      ['type:Todo:1', 'type:Note:1'],
    ],
    ['{ me { todos { title } } }', [[2, 'Todo']], ['type:Todo:1', 'type:Todo:2']],
    ['{ node { ...F } } fragment F on Person { todos { title } }', [[1, 'Todo']], ['type:Todo:n']],
  ] as const)('%s tells its types, and then its ids', async (text, seen, keys) => {
    const { plan, found } = await through(text);
    expect(found.withoutId).toEqual(seen);
    const next = await read(answerOf(withLearned(plan, found.withoutId, rule) ?? text), plan);
    expect([next?.keys, next?.unnamed]).toEqual([keys, []]);
  });

  it('two sets that describe one object teach nothing: its type may be possible in one of them alone', async () => {
    const { found } = await through(
      '{ node { ... on Todo { x: owner { name } } ... on Person { x: todos { title } } } }',
    );
    expect(found.withoutId).toEqual([]);
  });

  it.each([
    ['another field called id', '{ todo { id: title __typename mine: id } }'],
    ['another field called __typename', '{ todo { __typename: title id } }'],
    ['a scalar like an object', '{ todo { id meta } }'],
    ['a scalar like an object, with the names of the edge', '{ todo { id meta title } }'],
  ])('a query that hides an id fools nobody: %s', async (_, text) => {
    const { found, client } = await through(text);
    expect([found.keys, found.unnamed, client]).toEqual([['type:Todo:42'], [], answerOf(text)]);
  });

  it('a scalar that has the members of the edge keeps them', async () => {
    const plan = await planOf('{ todo { mine: id meta } }');
    const { mark } = plan;
    const meta = `{"${mark}t":"Todo","x":"\\"${mark}t\\":1","${mark}i0_1":"forged"}`;
    const answer = `{"data":{"todo":{"${mark}t":"Todo","${mark}i0_1":"42","mine":"42","meta":${meta}}}}`;
    const found = await read(answer, plan);
    expect(found?.keys).toEqual(['type:Todo:42']);
    expect(new TextDecoder().decode(found?.bytes ?? undefined)).toBe(
      `{"data":{"todo":{"mine":"42","meta":${meta}}}}`,
    );
  });

  it('a document that has the name of what would be added is left alone', async () => {
    const text = '{ todo { title } }';
    const digest = createHash('sha256')
      .update(JSON.stringify(parse(text, { noLocation: true })))
      .digest('hex');
    const { mark } = await planOf(text);
    expect(mark).toBe(`cc${digest.slice(0, 12)}`);
    // The same tree, and so the same name.
    expect(await readDocument(`${text} # ${mark}`)).toMatchObject({ kind: 'query', plan: null });
  });
});

describe('ids', () => {
  const keysOf = async (id: string) => {
    const plan = await planOf('{ todo { __typename id } }');
    const found = await read(`{"data":{"todo":{"__typename":"Todo","id":${id}}}}`, plan);
    return found === null ? null : [...found.keys, ...found.unnamed];
  };

  it.each([
    ['"42"', 'type:Todo:42'],
    ['42', 'type:Todo:42'],
    ['"gid://shop/Todo/1?x=%20"', 'type:Todo:gid://shop/Todo/1?x=%20'],
    ['"VG9kbzo0Mg=="', 'type:Todo:VG9kbzo0Mg=='],
    // A text that would be other keys, if it were split or printed.
    ['"42 user:bob"', /^type:Todo:~[\w-]{43}$/],
    ['"42\\nuser:bob"', /^type:Todo:~[\w-]{43}$/],
    ['"~"', /^type:Todo:~[\w-]{43}$/],
    ['"~42"', /^type:Todo:~[\w-]{43}$/],
    ['""', /^type:Todo:~[\w-]{43}$/],
    ['"é"', /^type:Todo:~[\w-]{43}$/],
    [`"${'x'.repeat(129)}"`, /^type:Todo:~[\w-]{43}$/],
    // Nothing that somebody could purge by.
    [`"${'x'.repeat(2000)}"`, 'Todo'],
    ['9007199254740993', 'Todo'],
    ['1.5', 'Todo'],
    ['null', 'Todo'],
    ['true', 'Todo'],
    ['{"a":1}', 'Todo'],
    ['["user:bob"]', 'Todo'],
  ])('%s is a key of its own, or any of the type', async (id, key) => {
    const keys = await keysOf(id);
    expect(keys).toHaveLength(1);
    if (typeof key === 'string') expect(keys?.[0]).toBe(key);
    else expect(keys?.[0]).toMatch(key);
  });

  it('the type of an object that says none, or no name, may be any', async () => {
    const plan = await planOf('{ todo { __typename id } }');
    for (const type of ['null', '7', '"user:bob"', '"Todo user"', '{}']) {
      const found = await read(`{"data":{"todo":{"__typename":${type},"id":"1"}}}`, plan);
      expect([found?.keys, found?.unnamed]).toEqual([[], ['Todo', 'Note']]);
    }
    expect(await read('{"data":{"todo":{"__typename":"constructor","id":"1"}}}', plan)).toMatchObject({
      keys: [],
      unnamed: [],
    });
  });

  it('of very many the first are named, and the others are any of their type', async () => {
    const plan = await planOf('{ notes { __typename id } todo { __typename id } }');
    const notes = Array.from({ length: 100_000 }, (_, id) => `{"__typename":"Note","id":${id}}`);
    const before = process.cpuUsage();
    const found = await read(`{"data":{"notes":[${notes}],"todo":{"__typename":"Todo","id":"1"}}}`, plan, {
      ...rule,
    }).then((one) => one ?? read(`{"data":{"notes":[${notes.slice(0, 20_000)}]}}`, plan));
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
    expect(found?.keys).toHaveLength(100);
    expect(found?.unnamed).toContain('Note');
    const few = await read(
      `{"data":{"notes":[${notes.slice(0, 3)}]}}`,
      plan,
      ruleOf({ entities: ENTITIES, limits: { entities: 2 } }),
    );
    expect([few?.keys, few?.unnamed]).toEqual([['type:Note:0', 'type:Note:1'], ['Note']]);
  });

  it('long ones count by their length', async () => {
    const plan = await planOf('{ notes { __typename id } }');
    const notes = Array.from(
      { length: 250 },
      (_, i) => `{"__typename":"Note","id":"${'x'.repeat(120)}${i}"}`,
    );
    const many = ruleOf({ entities: ENTITIES, limits: { entities: 250 } });
    const found = await read(`{"data":{"notes":[${notes}]}}`, plan, many);
    expect(found?.keys.join(' ').length).toBeLessThan(8600);
    expect(found?.unnamed).toEqual(['Note']);
  });
});

describe('a hostile document', () => {
  it.each<[string, string]>([
    ['fragments that multiply', doubling(40)],
    ['fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A me { id } }'],
    [
      'fragments in a circle, by a field',
      '{ me { ...A } } fragment A on Person { todos { owner { ...A } } missing { owner { ...A } } }',
    ],
    ['a field many times', `{ ${'todo { id } '.repeat(400)} }`],
    ['many fragments in each other', manyFragments(60)],
  ])('costs no more than its length: %s', async (_, text) => {
    const before = process.cpuUsage();
    expect(await readDocument(text)).not.toBeUndefined();
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

/** Each level asks for the next one twice, by two names that are merged with others. */
function doubling(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, i) =>
      `fragment F${i} on Person { a: missing { owner { ...F${i + 1} } } b: missing { owner { ...F${i + 1} id } } }`,
  );
  return `{ me { ...F0 } } ${fragments.join(' ')} fragment F${levels} on Person { id }`;
}

function manyFragments(count: number): string {
  const fragments = Array.from({ length: count }, (_, i) => {
    const others = Array.from({ length: count - i - 1 }, (__, j) => `...F${i + j + 1}`).join(' ');
    return `fragment F${i} on Person { name m${i}: missing { owner { ${others} id } } ${others} }`;
  });
  return `{ me { ...F0 } } ${fragments.join(' ')}`;
}

describe('a mutation', () => {
  it('its answer names what it has touched, and tells which of its fields have failed', async () => {
    const { found, client } = await through('mutation { touch { mine: id } fails { id } nothing }');
    expect(found.keys).toEqual(['type:Todo:42']);
    expect(['touch', 'fails', 'nothing', 'other'].map(found.hasFailed)).toEqual([false, true, true, true]);
    expect(client).toBe(answerOf('mutation { touch { mine: id } fails { id } nothing }'));
    const without = await through('mutation { nothing }');
    expect(without.found.hasFailed('nothing')).toBe(false);
  });

  it('is looked into even if no entity could be found', async () => {
    const only = ruleOf({ mutations: { touch: ['Todo'] } });
    const { asked, found } = await through('mutation { touch { title } }', only);
    expect([asked, found.keys, found.unnamed]).toEqual(['mutation { touch { title } }', [], []]);
  });
});
