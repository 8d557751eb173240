import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/graphql/answer-facts.ts';

const LIMIT = 10_000;
const NONE = { maxSeconds: null, isPrivate: false };
const read = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  readAnswer(
    new Headers({ 'content-type': 'application/json', ...headers }),
    typeof body === 'string' ? new TextEncoder().encode(body) : body,
    LIMIT,
  );

describe('an answer', () => {
  it.each([
    ['data', '{"data":{"a":1}}'],
    ['data, and errors: null', '{"data":{"a":1},"errors":null}'],
    ['data, and extensions', '{"extensions":{"errors":[1]},"data":{"errors":[1]}}'],
  ])('with %s may be stored', async (_, body) => {
    expect(await read(body)).toEqual({ kind: 'data', types: [], hints: NONE });
  });

  it.each([
    ['errors alone', '{"errors":[{"message":"PersistedQueryNotFound"}]}'],
    ['errors beside data', '{"data":{"a":1},"errors":[{"message":"x"}]}'],
    ['an empty list of errors', '{"data":{"a":1},"errors":[]}'],
    ['errors in another spelling of the name', '{"data":{"a":1},"\\u0065rrors":[1]}'],
  ])('with %s may not', async (_, body) => {
    expect(await read(body)).toEqual({ kind: 'errors' });
  });

  it.each([
    ['half of one', '{"data":{"a":1}'],
    ['nothing', ''],
    ['a list', '[{"data":{"a":1}}]'],
    ['no data', '{}'],
    ['data: null', '{"data":null}'],
    ['the first of several parts', '{"data":{"a":1},"hasNext":true}'],
    ['HTML', '<html>'],
  ])('that is %s is not looked into', async (_, body) => {
    expect(await read(body)).toEqual({ kind: 'unseen' });
  });

  it.each(['text/html', 'multipart/mixed', 'text/event-stream', 'application/jsonx', ''])(
    'of type %s is not looked into',
    async (type) => {
      expect(await read('{"data":{"a":1}}', { 'content-type': type })).toEqual({ kind: 'unseen' });
    },
  );

  it('of the newer type, with a charset, is', async () => {
    const type = { 'content-type': 'application/graphql-response+json; charset=utf-8' };
    expect(await read('{"data":{"a":1}}', type)).toMatchObject({ kind: 'data' });
  });

  it('tells its types, and is not told them by the text of a member', async () => {
    const said = '{"data":{"t":[{"__typename":"Todo"},{"__typename" : "Todo","by":{"__typename":"User"}}]}}';
    expect(await read(said)).toEqual({ kind: 'data', types: ['Todo', 'User'], hints: NONE });
    const similar = ['Todo', 'TodoList', 'To'].map((name) => `"${name}x":{"__typename":"${name}"}`);
    expect(await read(`{"data":{${similar}}}`)).toMatchObject({
      kind: 'data',
      types: ['Todo', 'TodoList', 'To'],
    });
    const quoted = JSON.stringify({ data: { text: '"__typename":"Evil"', other: '\\"__typename":"Evil"' } });
    expect(await read(quoted)).toEqual({ kind: 'data', types: [], hints: NONE });
    expect(await read('{"data":{"__typename":7,"a":{"__typename":"no name"}}}')).toEqual({
      kind: 'data',
      types: [],
      hints: NONE,
    });
  });
});

describe('an answer of many types', () => {
  const many = (count: number) =>
    `{"data":{"t":[${Array.from({ length: count }, (_, i) => `{"__typename":"T${i}"},{"__typename":"T0"}`)}]}}`;
  it('is looked into up to a number of them', async () => {
    const answer = await read(many(200));
    expect(answer.kind === 'data' ? answer.types : []).toHaveLength(200);
    expect(await read(many(201))).toEqual({ kind: 'unseen' });
  });
});

describe('a packed answer', () => {
  const gzip = { 'content-encoding': 'gzip' };

  it('is unpacked, to look for errors', async () => {
    expect(await read(gzipSync('{"data":{"__typename":"Query"}}'), gzip)).toEqual({
      kind: 'data',
      types: ['Query'],
      hints: NONE,
    });
    expect(await read(gzipSync('{"errors":[1]}'), gzip)).toEqual({ kind: 'errors' });
  });

  it('that unpacks beyond the limit is not looked into', async () => {
    const bomb = gzipSync(`{"data":{"a":"${'x'.repeat(50_000_000)}"}}`);
    expect(await read(bomb, gzip)).toEqual({ kind: 'unseen' });
  });

  it('that is cut off, is no gzip, or is packed otherwise, neither', async () => {
    const packed = gzipSync('{"data":{"a":1}}');
    expect(await read(packed.subarray(0, packed.length - 9), gzip)).toEqual({ kind: 'unseen' });
    expect(await read('{"data":{"a":1}}', gzip)).toEqual({ kind: 'unseen' });
    expect(await read(packed, { 'content-encoding': 'br' })).toEqual({ kind: 'unseen' });
    expect(await read(packed, { 'content-encoding': 'gzip, gzip' })).toEqual({ kind: 'unseen' });
  });
});

describe('the hints of an answer', () => {
  const hinted = (cacheControl: unknown) =>
    read(JSON.stringify({ data: { a: 1 }, extensions: { cacheControl } }));
  const path = ['post'];

  it('the smallest counts, and one PRIVATE makes all of it private', async () => {
    const hints = [
      { path, maxAge: 240 },
      { path: ['post', 'votes'], maxAge: 30, scope: 'PUBLIC' },
      { path: ['post', 'readByMe'], scope: 'PRIVATE' },
    ];
    expect(await hinted({ version: 1, hints })).toMatchObject({ hints: { maxSeconds: 30, isPrivate: true } });
    expect(await hinted({ version: 1, hints: hints.slice(0, 2) })).toMatchObject({
      hints: { maxSeconds: 30, isPrivate: false },
    });
    expect(await hinted({ version: 1, hints: [] })).toMatchObject({ hints: NONE });
    expect(await hinted(null)).toMatchObject({ hints: NONE });
  });

  it.each([
    ['a version of later', { version: 2, hints: [] }],
    ['no list', { version: 1, hints: {} }],
    ['no object', 'no-store'],
    ['a hint that is none', { version: 1, hints: ['private'] }],
    ['a scope that nobody knows', { version: 1, hints: [{ path, scope: 'SECRET' }] }],
    ['a negative age', { version: 1, hints: [{ path, maxAge: -1 }] }],
    ['an age as a text', { version: 1, hints: [{ path, maxAge: '0' }] }],
  ])('%s may forbid to store', async (_, cacheControl) => {
    expect(await hinted(cacheControl)).toEqual({ kind: 'unseen' });
  });
});
