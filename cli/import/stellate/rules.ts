import type { GraphqlInput } from '../../../src/policy/graphql-rule.ts';
import type { TtlInput } from '../../../src/policy/routes/lifetimes.ts';
import type { Note } from '../draft.ts';
import {
  badSource,
  descend,
  itemsOf,
  member,
  secondsAt,
  type Tree,
  textAt,
  textOf,
  textsOf,
} from '../source-tree.ts';

export interface RulesRead {
  readonly graphql: GraphqlInput;
  readonly ttlSeconds: TtlInput | undefined;
  readonly swrSeconds: number | undefined;
  /** Names of the scopes that rules ask for. */
  readonly scopes: readonly string[];
}

interface Target {
  readonly type: string;
  /** null: the type as a whole. */
  readonly field: string | null;
}

const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,100}$/;

/** `rules` and `nonCacheable` of Stellate as the lifetimes of types and root fields. */
export function readRules(config: Tree, notes: Note[]): RulesRead {
  const root = textAt(config, 'rootTypeNames', 'query') ?? 'Query';
  const types = new Map<string, number>();
  const fields = new Map<string, number>();
  const lower = (map: Map<string, number>, name: string, seconds: number) =>
    map.set(name, Math.min(seconds, map.get(name) ?? seconds));
  let whole: number | undefined;
  const swr: number[] = [];
  const scopes = new Set<string>();

  for (const rule of itemsOf(member(config, 'rules'))) {
    const { line } = rule.at;
    const scope = textAt(rule, 'scope');
    const maxAge = secondsAt(rule, 'maxAge') ?? 0;
    const targets = targetsOf(member(rule, 'types'));
    if (scope !== undefined && scope !== 'PUBLIC' && maxAge > 0) scopes.add(scope);
    if (maxAge > 0) swr.push(secondsAt(rule, 'swr') ?? 0);
    for (const { type, field } of targets) {
      if (type === root && field === null) whole = Math.min(maxAge, whole ?? maxAge);
      else if (type === root && field !== null) lower(fields, field, maxAge);
      else lower(types, type, maxAge);
      if (type !== root && field !== null)
        notes.push({
          kind: 'changed',
          line,
          text: `${type}.${field}: the lifetime of ${maxAge} s holds for answers with any ${type}. Fields below the root have none of their own.`,
        });
    }
    const what = targets
      .map(({ type, field }) => (field === null ? type : `${type}.${field}`))
      .join(', ')
      .slice(0, 200);
    notes.push({
      kind: 'done',
      line,
      text: `the rule for ${what}: ${maxAge} s${scope === undefined ? '' : `, scope ${scope}`}.`,
    });
  }
  for (const tree of itemsOf(member(config, 'nonCacheable'))) {
    const [type = '', field = null] = textOf(tree).split('.');
    if (!NAME.test(type) || (field !== null && !NAME.test(field)))
      throw badSource(tree.at, 'a type, or Type.field, is expected.');
    if (type === root && field !== null) fields.set(field, 0);
    else types.set(type, 0);
    notes.push({
      kind: 'done',
      line: tree.at.line,
      text: `nonCacheable ${type}${field === null ? '' : `.${field}`}: 0 s.`,
    });
  }
  if (types.size > 0)
    notes.push({
      kind: 'changed',
      line: 0,
      text: 'types are known by __typename, which Stellate asked for by itself. Clients have to ask for it (Apollo, urql and Relay do), or fields says what a root field holds.',
    });
  if (whole === undefined)
    notes.push({
      kind: 'changed',
      line: 0,
      text: 'an answer that no rule means is kept as long as the origin says; Stellate kept none.',
    });
  if (fields.size > 0 && types.size > 0 && whole === undefined)
    notes.push({
      kind: 'changed',
      line: 0,
      text: 'with rules for root fields, a root field that no rule names is kept as long as the origin says, whatever types it has. Write under fields what it holds: { todos: { types: ["Todo"] } }.',
    });
  if (new Set(swr).size > 1)
    notes.push({
      kind: 'changed',
      line: 0,
      text: `swr is one for the endpoint: ${Math.min(...swr)} s, the smallest of all rules.`,
    });
  const least = swr.length === 0 ? 0 : Math.min(...swr);
  return {
    graphql: {
      ...(types.size > 0 ? { types: lifetimes(types) } : {}),
      ...(fields.size > 0 ? { fields: lifetimes(fields) } : {}),
    },
    ttlSeconds: whole === undefined || whole === 0 ? undefined : { default: whole, max: whole },
    swrSeconds: least > 0 ? least : undefined,
    scopes: [...scopes],
  };
}

function lifetimes(map: ReadonlyMap<string, number>): Record<string, { ttlSeconds: number }> {
  return Object.fromEntries([...map].map(([name, ttlSeconds]) => [name, { ttlSeconds }]));
}

/** `['User']`, or `{ User: true, Post: ['comments'] }`. */
function targetsOf(tree: Tree | undefined): readonly Target[] {
  if (tree === undefined) return [];
  const named = (type: string, field: string | null, place: Tree): Target => {
    if (!NAME.test(type) || (field !== null && !NAME.test(field)))
      throw badSource(place.at, 'names of types and fields are expected.');
    return { type, field };
  };
  if (tree.kind === 'array') return textsOf(tree).map((type) => named(type, null, tree));
  if (tree.kind !== 'object') throw badSource(tree.at, 'a list of types, or an object of them, is expected.');
  return [...tree.entries].flatMap(([type, said]) =>
    said.kind === 'array'
      ? textsOf(said).map((field) => named(type, field, said))
      : [named(type, null, said)],
  );
}

/** What stands in a configuration beside scopes and rules. */
export function otherSettings(config: Tree): readonly Note[] {
  const notes: Note[] = [];
  const add = (name: string, text: string) => {
    const tree = member(config, name);
    if (tree !== undefined) notes.push({ kind: 'not-carried', line: tree.at.line, text: `${name}: ${text}` });
  };
  const keyFields = descend(config, 'keyFields', 'types');
  if (keyFields?.kind === 'object')
    for (const [type, said] of keyFields.entries)
      notes.push({
        kind: 'changed',
        line: said.at.line,
        text: `keyFields of ${type.slice(0, 60)}: a single one is purged by a Surrogate-Key that the origin sets; claimcache purge --key type:${NAME.test(type) ? type : 'TYPE'} empties all of the type.`,
      });
  add(
    'mutationPolicy',
    'a mutation purges the identity that made it; what others hold of a type, claimcache purge --key type:….',
  );
  add('bypassCacheHeaders', 'a header gets nobody past the cache. Editors: cms.cookies.');
  add('environments', 'one policy for each of them.');
  add('retries', 'limits.retries.');
  add('queryDepthLimit', 'graphql.limits.depth makes a deeper query pass; the origin has to refuse it.');
  add('rateLimits', 'passLimit and badTokenLimit of the policy.');
  add('partialQueryCaching', 'an answer is kept as a whole.');
  add('cacheIntrospection', 'an introspection query is a query like any other.');
  add('schema', 'the edge needs no schema.');
  return notes;
}
