import * as v from 'valibot';
import { namedValues } from '../keys/canonical-set.ts';
import { routeKey, surrogateKey, valueCounts } from '../keys/surrogate-key.ts';
import type { Policy } from '../policy/policy.ts';
import { malformed, readOrder } from './read-order.ts';

/** As many as Fastly's API takes in one call. */
const MAX_KEYS = 256;

function purgeRequest() {
  const plain = v.union([v.string(), v.number(), v.boolean()]);
  const value = v.union([plain, v.pipe(v.array(plain), v.maxLength(256))]);
  const key = v.pipe(v.string(), v.regex(/^[\u0021-\u007e]{1,1024}$/, 'printable ASCII without spaces'));
  const soft = v.optional(v.boolean(), false);
  return v.union([
    v.strictObject({ scope: v.string(), value, soft }),
    v.strictObject({
      scope: v.string(),
      values: v.pipe(v.array(value), v.minLength(1), v.maxLength(8)),
      soft,
    }),
    v.strictObject({ route: v.string(), soft }),
    v.strictObject({ keys: v.pipe(v.array(key), v.minLength(1), v.maxLength(MAX_KEYS)), soft }),
  ]);
}

export interface PurgeOrder {
  readonly keys: readonly string[];
  readonly soft: boolean;
}

/**
 * Reads the body of `POST /.edge/purge`: `{scope, value}`, `{scope, values}`, `{route}` or `{keys}`, and `soft`.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED; the cause says what is wrong, for the operator.
 */
export function readPurgeOrder(body: string, policy: Policy): PurgeOrder {
  const order = readOrder(body, purgeRequest, '{scope, value}, {scope, values}, {route} or {keys}, and soft');
  if ('keys' in order) return { keys: order.keys, soft: order.soft };
  if ('route' in order) {
    if (![...policy.routes, policy.fallback].some(({ name }) => name === order.route)) {
      throw malformed('no such route in the policy');
    }
    return { keys: [routeKey(order.route)], soft: order.soft };
  }
  const scope = policy.scopes.get(order.scope);
  if (scope === undefined) throw malformed('no such scope in the policy');
  const values = 'values' in order ? order.values : [order.value];
  // By the claims, everything of theirs; with the parts behind them, what is kept for those parts alone.
  const counts = valueCounts(scope);
  if (!counts.includes(values.length)) throw malformed(`this scope has ${counts.join(' or ')} values`);
  const named = namedValues(scope, values);
  if (named === null)
    throw malformed('a set is an array of its members, as many as the policy allows; other values are none');
  return { keys: [surrogateKey(scope.name, named)], soft: order.soft };
}
