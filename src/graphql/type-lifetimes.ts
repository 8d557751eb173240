import { anyEntityKey } from '../keys/surrogate-key.ts';
import type { GraphqlRule } from '../policy/graphql-rule.ts';
import type { FreshnessRule } from '../policy/routes/route.ts';
import type { CacheHints } from './cache-hints.ts';

/** What the policy says of an answer, given what is known to be in it. */
export interface GraphqlLifetime {
  /** The smallest of all that apply: the answer lives no longer. null: none does. */
  readonly maxSeconds: number | null;
  /** Its lifetime where the origin states none; null: the policy does not say it of everything in the answer. */
  readonly defaultSeconds: number | null;
  /** `type:Todo`. */
  readonly surrogateKeys: readonly string[];
}

/**
 * `fields`: the root fields, null where they are not known. `types`: what the answer's `__typename` say.
 *
 * Where the policy names root fields, one that it does not name has no lifetime: beside `todos` somebody may ask for what
 * must not be kept.
 */
export function lifetimeFor(
  rule: GraphqlRule,
  fields: readonly string[] | null,
  types: readonly string[],
): GraphqlLifetime {
  const names = new Set(types);
  const ttls: number[] = [];
  let covered = rule.fields.size === 0 || fields !== null;
  // A hash or identifier that nobody here knows the text of may ask for any of them.
  for (const field of fields ?? rule.fields.keys()) {
    const said = rule.fields.get(field);
    const ofField = [said?.ttlSeconds ?? null, ...(said?.types ?? []).map((type) => ttlOf(rule, type))];
    const known = ofField.filter((ttl) => ttl !== null);
    ttls.push(...known);
    for (const type of said?.types ?? []) names.add(type);
    if (known.length === 0 && field !== '__typename' && rule.fields.size > 0) covered = false;
  }
  const keys: string[] = [];
  for (const name of names) {
    const ttl = ttlOf(rule, name);
    if (ttl !== null) ttls.push(ttl);
    const key = rule.types.get(name)?.surrogateKey ?? null;
    if (key !== null) keys.push(key);
  }
  const maxSeconds = ttls.length === 0 ? null : Math.min(...ttls);
  return { maxSeconds, defaultSeconds: covered ? maxSeconds : null, surrogateKeys: keys };
}

function ttlOf({ types }: GraphqlRule, name: string): number | null {
  return types.get(name)?.ttlSeconds ?? null;
}

/** The rule of a route, with what the policy says of this answer. */
export function withLifetime(
  freshness: FreshnessRule,
  { maxSeconds, defaultSeconds }: Pick<GraphqlLifetime, 'maxSeconds' | 'defaultSeconds'>,
): FreshnessRule {
  const { ttl } = freshness;
  return {
    ...freshness,
    ttl: {
      ...ttl,
      defaultSeconds: defaultSeconds ?? ttl.defaultSeconds,
      maxSeconds: Math.min(ttl.maxSeconds, maxSeconds ?? ttl.maxSeconds),
    },
  };
}

/** The same with what the answer itself says: it lives no longer, and so long where nobody else states a lifetime. */
export function withHints(said: GraphqlLifetime, { maxSeconds }: CacheHints): GraphqlLifetime {
  if (maxSeconds === null) return said;
  const least = (seconds: number | null) => Math.min(seconds ?? maxSeconds, maxSeconds);
  return { ...said, maxSeconds: least(said.maxSeconds), defaultSeconds: least(said.defaultSeconds) };
}

/**
 * The same before the answer has been looked at: its types, or its own hints, may still turn out to give it the longest lifetime that the
 * route allows.
 */
export function withLongestLifetime(
  freshness: FreshnessRule,
  rule: GraphqlRule,
  fields: readonly string[] | null,
): FreshnessRule {
  const { maxSeconds, defaultSeconds } = lifetimeFor(rule, fields, []);
  return withLifetime(freshness, {
    maxSeconds,
    defaultSeconds: defaultSeconds ?? freshness.ttl.defaultSeconds ?? freshness.ttl.maxSeconds,
  });
}

/** Every key that an answer of this route may carry; of its entities those that stand for all of a type. */
export function everyTypeKey({ types, entities }: GraphqlRule): readonly string[] {
  const keys = [...types.values()].flatMap(({ surrogateKey }) =>
    surrogateKey === null ? [] : [surrogateKey],
  );
  for (const type of entities.keys()) keys.push(anyEntityKey(type));
  return keys;
}
