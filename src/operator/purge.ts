import * as v from 'valibot';
import { routeKey, surrogateKey, valueCounts } from '../keys/surrogate-key.ts';
import type { Policy } from '../policy/policy.ts';
import { malformed, parseRequest } from './parse-request.ts';

/** As many as Fastly's API takes in one call. */
const MAX_KEYS = 256;

function purgeRequest() {
  const value = v.union([v.string(), v.number(), v.boolean()]);
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

export interface PurgeRequest {
  readonly keys: readonly string[];
  readonly soft: boolean;
}

/**
 * Reads the body of `POST /.edge/purge`: `{scope, value}`, `{scope, values}`, `{route}` or `{keys}`, and `soft`.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED; the cause says what is wrong, for the operator.
 */
export function readPurgeRequest(body: string, policy: Policy): PurgeRequest {
  const asked = parseRequest(
    body,
    purgeRequest,
    '{scope, value}, {scope, values}, {route} or {keys}, and soft',
  );
  if ('keys' in asked) return { keys: asked.keys, soft: asked.soft };
  if ('route' in asked) {
    if (![...policy.routes, policy.fallback].some(({ name }) => name === asked.route)) {
      throw malformed('no such route in the policy');
    }
    return { keys: [routeKey(asked.route)], soft: asked.soft };
  }
  const scope = policy.scopes.get(asked.scope);
  if (scope === undefined) throw malformed('no such scope in the policy');
  const values = 'values' in asked ? asked.values : [asked.value];
  // By the claims, everything of theirs; with the parts behind them, what is kept for those parts alone.
  const counts = valueCounts(scope);
  if (!counts.includes(values.length)) throw malformed(`this scope has ${counts.join(' or ')} values`);
  return { keys: [surrogateKey(scope.name, values)], soft: asked.soft };
}
