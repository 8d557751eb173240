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
import { isFlag, isListOf, isText, malformed, parseRequest, type RequestShape } from './parse-request.ts';
import { unknownName } from './unknown-name.ts';

type Value = string | number | boolean;

/** One of five kinds. */
type Asked = { readonly soft?: boolean; readonly dryRun?: boolean } & (
  | { readonly scope: string; readonly value: Value | readonly Value[] }
  | { readonly scope: string; readonly values: readonly (Value | readonly Value[])[] }
  | { readonly type: string; readonly id: string | number }
  | { readonly route: string }
  | { readonly keys: readonly string[] }
);

const SHAPE: RequestShape = {
  members: {
    scope: (name) => isText(name),
    value: isValue,
    values: (list) => isListOf(list, isValue, 8) && list.length > 0,
    type: (name) => isText(name),
    id: (id) => isText(id) || Number.isSafeInteger(id),
    route: (name) => isText(name),
    keys: (list) => isListOf(list, isKey, MAX_PURGED_KEYS) && list.length > 0,
    soft: isFlag,
    dryRun: isFlag,
  },
  required: [['scope', 'value'], ['scope', 'values'], ['type', 'id'], ['route'], ['keys']],
  optional: ['soft', 'dryRun'],
};

function isValue(value: unknown): boolean {
  return isPlain(value) || isListOf(value, isPlain, 256);
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Printable ASCII without spaces. */
function isKey(value: unknown): boolean {
  return isText(value) && PURGEABLE_KEY.test(value);
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
  const asked = parseRequest<Asked>(
    body,
    SHAPE,
    '{scope, value}, {scope, values}, {type, id}, {route} or {keys}, and soft, dryRun',
  );
  const { soft = false, dryRun = false } = asked;
  return { keys: keysOf(asked, policy), soft, dryRun };
}

function keysOf(asked: Asked, policy: Policy): readonly string[] {
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
