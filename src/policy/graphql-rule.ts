import { parse } from 'graphql';
import * as v from 'valibot';
import { routeKey, surrogateKey } from '../keys/surrogate-key.ts';
import type { Report } from './policy-error.ts';
import {
  choice,
  count,
  flag,
  isFlag,
  isList,
  isObject,
  list,
  matching,
  object,
  oneOf,
  record,
  seconds,
  text,
} from './settings.ts';

/**
 * What a GraphQL endpoint caches: docs/how-to/graphql.md
 *
 * - **Key**: that of a GET, with method, kind of `Accept`, syntax tree (or hash), operation name and variables. White space, comments and
 *   order of members do not count. POST and GET have separate entries.
 * - **To the origin** go only `query`, `operationName`, `variables` and `extensions.persistedQuery`.
 * - **Stored** is a JSON response with `data` and without `errors`. Its lifetime is capped by the smallest `ttlSeconds` of the root fields and
 *   their types (also in fragments and under aliases), of the types that the response names by `__typename`, and by `maxAge` in
 *   `extensions.cacheControl.hints` (Apollo Server 2; with `scope: 'PRIVATE'` stored only in a scope of one person).
 * - If the origin states no lifetime, this value is the lifetime; but once `fields` names a root field, only for queries whose root fields it
 *   all names. 0 forbids storing, and `no-store` always wins.
 * - **Not read** (`graphql-unreadable`) is a POST that is not `application/json`, or has a byte order mark, a duplicate member, one like `QUERY`,
 *   `operation_name` or `doc_id`, a hash of another text, a document in the URL too, a number over 15 digits, or is over a limit; and a GET with
 *   a duplicate parameter, `Query=`, `query[]=`, `;`, variables that are not JSON, or a body. HEAD, and a GET without GraphQL (a query editor), pass
 *   and purge nothing. A mutation by GET counts as one by POST.
 * - A stale response is fetched whole. Queries use no shield.
 */
export interface GraphqlInput {
  /**
   * Types by name. A response is known to hold one where its `__typename` says so, or where `fields` does.
   * `{ Todo: { ttlSeconds: 60 } }`; `true` is short for `{}`.
   */
  readonly types?: Readonly<Record<string, true | GraphqlTypeInput>>;
  /** Root fields of the query type, by name. `{ todos: { types: ['Todo'], ttlSeconds: 30 } }` */
  readonly fields?: Readonly<Record<string, GraphqlFieldInput>>;
  /**
   * Types whose objects can be purged one by one, and the field that holds their id: `{ Todo: 'id' }`. A response carries `type:Todo:42` for
   * each that is in it, and a mutation purges those that its own response names: nearest to the root first, at most `limits.entities`.
   * The edge adds `__typename`, and where needed the id, to a query under unused names, and removes them from the response: without a schema
   * on fragments on the type, and where the id is aliased or conditional. Elsewhere it learns types from the first response, and then queries
   * `... on Todo { id }` too, for a day at each point of presence. It never learns an object described by two fields of one name
   * (`... on Todo { x: owner { name } } ... on Person { x: todos { title } }`). To a mutation it adds only what the document shows, and nothing
   * if its body is signed (`Content-Digest`, `Signature`) or the response is incremental. With `documents` nothing is added. If the origin
   * rejects such a query (400, 422, errors without `data`, an error of the added field), the edge sends the client's own, and learns
   * nothing for that document for an hour.
   */
  readonly entities?: Readonly<Record<string, string>>;
  /**
   * What a mutation purges in addition, by its root field: types, or `true` for everything of the route. `{ addTodo: ['Todo'] }`. `'*'`
   * stands for every mutation, and for what may be one.
   */
  readonly mutations?: Readonly<Record<string, true | readonly string[]>>;
  /** Trusted documents: identifier to text. A request may name one by `documentId`, `id` or `sha256Hash`. */
  readonly documents?: Readonly<Record<string, string>>;
  /**
   * A POST with a hash alone, whose text the edge does not know (it checks each hash, and knows a text for a day at each point of presence):
   * `pass` (default) sends it on and, since it may be a mutation, purges that identity; `ask` responds with `PersistedQueryNotFound`, and
   * the client sends the text. `ask` is only for clients that have the text, such as Apollo Client.
   */
  readonly unknownHash?: 'pass' | 'ask';
  readonly limits?: GraphqlLimitsInput;
}

export interface GraphqlLimitsInput {
  /** A longer body passes. Default 65536. */
  readonly bodyBytes?: number;
  /** A longer answer, unpacked, is not stored. Default 262144. */
  readonly answerBytes?: number;
  /** Of more entities in an answer those that come later count as "any of their type". Default 100, at most 250. */
  readonly entities?: number;
  /** A document of more tokens passes. Default 2000. */
  readonly tokens?: number;
  /** A document that nests deeper passes. Default 50. */
  readonly depth?: number;
}

export interface GraphqlTypeInput {
  /** A response with this type lives no longer; 0: it is not stored. */
  readonly ttlSeconds?: number;
  /** Tag responses with `type:<name>`. Default `true`. */
  readonly surrogateKey?: boolean;
}

export interface GraphqlFieldInput {
  readonly ttlSeconds?: number;
  /** What its response holds. */
  readonly types?: readonly string[];
}

/** What a GraphQL endpoint caches, complete. */
export interface GraphqlRule {
  /** By name of the type. `surrogateKey` null: not tagged with it. */
  readonly types: ReadonlyMap<
    string,
    { readonly ttlSeconds: number | null; readonly surrogateKey: string | null }
  >;
  /** By name of a root field of the query type: the types in its answer, all of them keys of `types`. */
  readonly fields: ReadonlyMap<
    string,
    { readonly ttlSeconds: number | null; readonly types: readonly string[] }
  >;
  /** By name of the type, all of them keys of `types`: the field that holds its id. */
  readonly entities: ReadonlyMap<string, string>;
  /** Surrogate keys by name of a mutation's root field, or `*`. */
  readonly mutations: ReadonlyMap<string, readonly string[]>;
  /** Trusted documents: identifier to text. */
  readonly documents: ReadonlyMap<string, string>;
  /** A POST that carries only a hash which the edge has not learned: to the origin, or ask the client for the text. */
  readonly unknownHash: 'pass' | 'ask';
  readonly limits: {
    /** Of a POSTed request. */
    readonly bodyBytes: number;
    /** Of an answer that may be stored. */
    readonly answerBytes: number;
    /** Of an answer, or purged for a mutation. */
    readonly entities: number;
    readonly tokens: number;
    readonly depth: number;
  };
}

const NAME = 'Expected a name of GraphQL: letters, digits and _, such as "Todo".';
const name = matching(/^[_A-Za-z][_0-9A-Za-z]*$/, NAME);
const nameOrAny = matching(/^(?:[_A-Za-z][_0-9A-Za-z]*|\*)$/, `${NAME.slice(0, -1)}; or "*" for all.`);
const type = oneOf(
  'Expected true or { ttlSeconds?, surrogateKey? }.',
  [(input) => input === true, v.literal(true)],
  [isObject, object({ ttlSeconds: v.optional(seconds), surrogateKey: v.optional(flag) })],
);
const purged = oneOf(
  'Expected true, for all of the route, or a list of types, such as ["Todo"].',
  [(input) => input === true, v.literal(true)],
  [isList, list(name, '["Todo"]')],
);
const field = object({ ttlSeconds: v.optional(seconds), types: v.optional(list(name, '["Todo"]')) });

export const graphql = oneOf(
  'Expected true, or { types?, fields?, entities?, mutations?, documents?, unknownHash?, limits? }.',
  [isFlag, flag],
  [
    isObject,
    object({
      types: v.optional(record(type, name)),
      fields: v.optional(record(field, name)),
      entities: v.optional(record(name, name)),
      mutations: v.optional(record(purged, nameOrAny)),
      documents: v.optional(record(text, text)),
      unknownHash: v.optional(choice('pass', 'ask')),
      limits: v.optional(
        object({
          bodyBytes: v.optional(count(1_048_576)),
          answerBytes: v.optional(count(8_388_608)),
          entities: v.optional(count(250)),
          tokens: v.optional(count(20_000)),
          depth: v.optional(count(200)),
        }),
      ),
    }),
  ],
);

/** What a GraphQL endpoint must not say, and what it says without meaning. */
export function graphqlProblems(
  at: string,
  route: {
    readonly graphql?: boolean | GraphqlInput;
    readonly lane?: 'public' | 'pass';
    readonly stripSetCookie?: boolean;
  },
  scopes: readonly string[],
  report: Report,
): void {
  const { graphql } = route;
  if (graphql === undefined || graphql === false) return;
  if (route.lane === 'pass') {
    const fix = 'A route of the pass lane caches nothing: remove one of them.';
    report('POLICY_CONFLICT', `${at}.graphql`, graphql, fix);
  }
  if (route.stripSetCookie) {
    const fix = 'An answer that sets a cookie is not stored on a GraphQL endpoint: remove this.';
    report('POLICY_CONFLICT', `${at}.stripSetCookie`, true, fix);
  }
  for (const type of Object.keys(graphql === true ? {} : (graphql.entities ?? {}))) {
    const fix = `\`claimcache purge ${type} 42\` could mean the scope too: rename the scope.`;
    if (scopes.includes(type)) report('POLICY_CONFLICT', `${at}.graphql.entities.${type}`, type, fix);
  }
  for (const [setting, type] of untagged(graphql === true ? {} : graphql)) {
    const fix = `Answers are not tagged with it: remove types.${type}.surrogateKey, or this.`;
    report('POLICY_CONFLICT', `${at}.graphql.${setting}`, type, fix);
  }
  for (const [id, document] of Object.entries(graphql === true ? {} : (graphql.documents ?? {}))) {
    try {
      parse(document, { noLocation: true });
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unreadable';
      report('POLICY_SHAPE', `${at}.graphql.documents.${id}`, document, `Not a GraphQL document: ${why}`);
    }
  }
}

/** Types that are to be purged, and by `surrogateKey: false` cannot be. */
function untagged({ types = {}, entities = {}, mutations = {} }: GraphqlInput): [string, string][] {
  const named = [
    ...Object.keys(entities).map((type): [string, string] => [`entities.${type}`, type]),
    ...Object.entries(mutations).flatMap(([field, purges]) =>
      purges === true ? [] : purges.map((type): [string, string] => [`mutations.${field}`, type]),
    ),
  ];
  return named.filter(([, name]) => {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    return typeof type === 'object' && type.surrogateKey === false;
  });
}

/** null: the route is no GraphQL endpoint. */
export function compileGraphql(
  input: boolean | GraphqlInput | undefined,
  routeName: string,
): GraphqlRule | null {
  if (input === undefined || input === false) return null;
  const {
    types = {},
    fields = {},
    entities = {},
    mutations = {},
    documents = {},
    unknownHash = 'pass',
    limits,
  } = input === true ? {} : input;
  const named = [
    ...Object.values(fields).flatMap((field) => field.types ?? []),
    ...Object.keys(entities),
    ...Object.values(mutations).flatMap((types) => (types === true ? [] : types)),
  ];
  const rules = new Map<string, { ttlSeconds: number | null; surrogateKey: string | null }>();
  // What another setting names need not be said again under `types`.
  for (const name of named) rules.set(name, { ttlSeconds: null, surrogateKey: surrogateKey('type', [name]) });
  for (const [name, type] of Object.entries(types)) {
    const { ttlSeconds = null, surrogateKey: tagged = true } = type === true ? {} : type;
    rules.set(name, { ttlSeconds, surrogateKey: tagged ? surrogateKey('type', [name]) : null });
  }
  return {
    types: rules,
    fields: new Map(
      Object.entries(fields).map(([name, field]) => [
        name,
        { ttlSeconds: field.ttlSeconds ?? null, types: field.types ?? [] },
      ]),
    ),
    entities: new Map(Object.entries(entities)),
    mutations: new Map(
      Object.entries(mutations).map(([name, types]) => [
        name,
        types === true ? [routeKey(routeName)] : types.map((type) => surrogateKey('type', [type])),
      ]),
    ),
    documents: new Map(Object.entries(documents)),
    unknownHash,
    limits: {
      bodyBytes: limits?.bodyBytes ?? 65_536,
      answerBytes: limits?.answerBytes ?? 262_144,
      entities: limits?.entities ?? 100,
      tokens: limits?.tokens ?? 2000,
      depth: limits?.depth ?? 50,
    },
  };
}
