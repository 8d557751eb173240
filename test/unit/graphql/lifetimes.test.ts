import { describe, expect, it } from 'vitest';
import {
  everyTypeKey,
  lifetimeFor,
  withHints,
  withLifetime,
  withLongestLifetime,
} from '../../../src/graphql/type-lifetimes.ts';
import type { GraphqlInput } from '../../../src/policy/graphql-rule.ts';
import { compileGraphql } from '../../../src/policy/graphql-rule.ts';
import { policy } from '../support/pipeline.ts';

const freshness = policy.fallback.freshness;

function ruleOf(input: GraphqlInput) {
  const rule = compileGraphql(input, 'graphql');
  if (rule === null) throw new Error('a rule');
  return rule;
}
const rule = ruleOf({
  types: {
    Todo: { ttlSeconds: 60 },
    Person: true,
    Secret: { ttlSeconds: 0 },
    Quiet: { ttlSeconds: 5, surrogateKey: false },
  },
  fields: { todos: { types: ['Todo'], ttlSeconds: 300 }, me: { ttlSeconds: 120 }, tags: { types: ['Tag'] } },
});

describe('what the policy says of an answer', () => {
  it.each<[string, string[] | null, string[], number | null, number | null, string[]]>([
    ['a field', ['me'], [], 120, 120, []],
    ['a field and its type', ['todos'], [], 60, 60, ['type:Todo']],
    ['two fields', ['me', 'todos'], [], 60, 60, ['type:Todo']],
    ['a type in the answer', ['me'], ['Todo'], 60, 60, ['type:Todo']],
    ['a type without a lifetime', ['me'], ['Person'], 120, 120, ['type:Person']],
    ['a type that is not tagged', ['me'], ['Quiet'], 5, 5, []],
    ['a type that forbids', ['me'], ['Secret'], 0, 0, ['type:Secret']],
    ['a type that only a field names', ['tags'], [], null, null, ['type:Tag']],
    ['a type that nobody names', ['me'], ['constructor', '__proto__'], 120, 120, []],
    ['a field that nobody names', ['me', 'other'], [], 120, null, []],
    ['a field that nobody names, alone', ['constructor'], [], null, null, []],
    ['__typename beside a field', ['__typename', 'me'], [], 120, 120, []],
    ['fields that are not known: any of them', null, [], 60, null, ['type:Todo', 'type:Tag']],
    ['fields that are not known, and a type', null, ['Quiet'], 5, null, ['type:Todo', 'type:Tag']],
  ])('%s', (_, fields, types, maxSeconds, defaultSeconds, surrogateKeys) => {
    expect(lifetimeFor(rule, fields, types)).toEqual({ maxSeconds, defaultSeconds, surrogateKeys });
  });

  it('where the policy names types alone, they speak for the whole answer', () => {
    const types = ruleOf({ types: { Todo: { ttlSeconds: 60 } } });
    expect(lifetimeFor(types, ['anything'], ['Todo'])).toMatchObject({ maxSeconds: 60, defaultSeconds: 60 });
    expect(lifetimeFor(types, ['anything'], [])).toMatchObject({ maxSeconds: null, defaultSeconds: null });
  });

  it('where one of the fields must not be kept, an answer to a question that is not known is not kept either', () => {
    const secret = ruleOf({ fields: { me: { ttlSeconds: 60 }, balance: { ttlSeconds: 0 } } });
    expect(lifetimeFor(secret, null, [])).toMatchObject({ maxSeconds: 0 });
  });

  it('a long name is hashed, as in every surrogate key', () => {
    const [key] = everyTypeKey(ruleOf({ types: { ['T'.repeat(80)]: true } }));
    expect(key).toMatch(/^type:~[\w-]{43}$/);
  });
});

describe('the lifetime of an answer', () => {
  it('the policy’s is a default and a cap; without one the route’s stays', () => {
    const route = { ...freshness, ttl: { defaultSeconds: 600, minSeconds: 0, maxSeconds: 900 } };
    expect(withLifetime(route, { maxSeconds: 60, defaultSeconds: 60 }).ttl).toMatchObject({
      defaultSeconds: 60,
      maxSeconds: 60,
    });
    expect(withLifetime(route, { maxSeconds: 60, defaultSeconds: null }).ttl).toMatchObject({
      defaultSeconds: 600,
      maxSeconds: 60,
    });
    expect(withLifetime(route, { maxSeconds: 2000, defaultSeconds: null }).ttl.maxSeconds).toBe(900);
    expect(withLifetime(route, { maxSeconds: null, defaultSeconds: null })).toEqual(route);
  });

  it('before the answer has come, what is in it may still give it the longest', () => {
    const types = ruleOf({ types: { Todo: { ttlSeconds: 60 }, Page: { ttlSeconds: 90 } } });
    const { maxSeconds } = freshness.ttl;
    for (const [known, fields] of [
      [types, ['x']],
      [rule, ['other']],
    ] as const)
      expect(withLongestLifetime(freshness, known, fields).ttl).toMatchObject({
        defaultSeconds: maxSeconds,
        maxSeconds,
      });
    expect(withLongestLifetime(freshness, rule, ['me']).ttl).toMatchObject({
      defaultSeconds: 120,
      maxSeconds: 120,
    });
  });

  it('its own hints are a cap, and a default where nobody else has one', () => {
    const hints = (maxSeconds: number | null) => ({ maxSeconds, isPrivate: false });
    const said = lifetimeFor(rule, ['me'], []);
    expect(withHints(said, hints(30))).toMatchObject({ maxSeconds: 30, defaultSeconds: 30 });
    expect(withHints(said, hints(900))).toMatchObject({ maxSeconds: 120, defaultSeconds: 120 });
    expect(withHints(said, hints(null))).toEqual(said);
    expect(withHints(lifetimeFor(rule, ['other'], []), hints(30))).toMatchObject({
      maxSeconds: 30,
      defaultSeconds: 30,
    });
  });
});
