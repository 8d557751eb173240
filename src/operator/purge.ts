import * as v from 'valibot';
import { namedValues } from '../keys/canonical-set.ts';
import { entityTypes } from '../keys/entity-types.ts';
import {
  entityPurgeKeys,
  MAX_PURGED_KEYS,
  PURGEABLE_KEY,
  routeKey,
  surrogateKey,
  valueCounts,
} from '../keys/surrogate-key.ts';
import { formatClaimPath } from '../policy/claims/claim-path.ts';
import type { Policy } from '../policy/policy.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { malformed, parseRequest } from './parse-request.ts';
import { unknownName } from './unknown-name.ts';

function purgeRequest() {
  const plain = v.union([v.string(), v.number(), v.boolean()]);
  const value = v.union([plain, v.pipe(v.array(plain), v.maxLength(256))]);
  const key = v.pipe(v.string(), v.regex(PURGEABLE_KEY, 'printable ASCII without spaces'));
  const how = { soft: v.optional(v.boolean(), false), dryRun: v.optional(v.boolean(), false) };
  return v.union([
    v.strictObject({ scope: v.string(), value, ...how }),
    v.strictObject({
      scope: v.string(),
      values: v.pipe(v.array(value), v.minLength(1), v.maxLength(8)),
      ...how,
    }),
    v.strictObject({
      type: v.string(),
      id: v.union([v.string(), v.pipe(v.number(), v.safeInteger())]),
      ...how,
    }),
    v.strictObject({ route: v.string(), ...how }),
    v.strictObject({ keys: v.pipe(v.array(key), v.minLength(1), v.maxLength(MAX_PURGED_KEYS)), ...how }),
  ]);
}

export interface PurgeRequest {
  readonly keys: readonly string[];
  readonly soft: boolean;
  /** Nothing is purged: the answer says what would be. */
  readonly dryRun: boolean;
}

/**
 * Reads the body of `POST /.edge/purge`: `{scope, value}`, `{scope, values}`, `{type, id}`, `{route}` or `{keys}`, and
 * `soft`, `dryRun`.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED; it says what is wrong, for the operator alone.
 */
export function readPurgeRequest(body: string, policy: Policy): PurgeRequest {
  const asked = parseRequest(
    body,
    purgeRequest,
    '{scope, value}, {scope, values}, {type, id}, {route} or {keys}, and soft, dryRun',
  );
  return { keys: keysOf(asked, policy), soft: asked.soft, dryRun: asked.dryRun };
}

function keysOf(asked: v.InferOutput<ReturnType<typeof purgeRequest>>, policy: Policy): readonly string[] {
  if ('keys' in asked) return asked.keys;
  if ('type' in asked) {
    const types = entityTypes(policy);
    if (!types.includes(asked.type)) throw unknownName('type', asked.type, types);
    return entityPurgeKeys(asked.type, String(asked.id));
  }
  if ('route' in asked) {
    const names = [...policy.routes, policy.fallback].map(({ name }) => name);
    if (!names.includes(asked.route)) throw unknownName('route', asked.route, names);
    return [routeKey(asked.route)];
  }
  const scope = policy.scopes.get(asked.scope);
  if (scope === undefined) throw unknownName('scope', asked.scope, [...policy.scopes.keys()]);
  const values = 'values' in asked ? asked.values : [asked.value];
  // By the claims, everything of theirs; with the parts behind them, what is kept for those parts alone.
  const counts = valueCounts(scope);
  if (!counts.includes(values.length))
    throw malformed(`this scope has ${counts.join(' or ')} values`, countText(scope, counts, values.length));
  const named = namedValues(scope, values);
  if (named === null)
    throw malformed('a set is an array of its members, as many as the policy allows; other values are none');
  return [surrogateKey(scope.name, named)];
}

function countText({ name, claims }: Scope, counts: readonly number[], given: number): string {
  const paths = claims.map(formatClaimPath).join(', ');
  return `The scope ${JSON.stringify(name)} has ${counts.join(' or ')} values${paths === '' ? '' : ` (${paths})`}, not ${given}.`;
}
