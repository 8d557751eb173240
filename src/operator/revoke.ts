import { EdgeError } from '../errors.ts';
import { type Revocable, type RevocationEntry, revocationEntry } from '../keys/revocation-entry.ts';
import { surrogateKey } from '../keys/surrogate-key.ts';
import type { Policy } from '../policy/policy.ts';
import { isFlag, isText, parseRequest, type RequestShape } from './parse-request.ts';
import { unknownName } from './unknown-name.ts';

const SHAPE: RequestShape = {
  members: {
    scope: isName,
    value: (value) => isName(value) || Number.isSafeInteger(value) || isFlag(value),
    tokenId: isName,
  },
  required: [['scope', 'value'], ['tokenId']],
  optional: [],
};

function isName(value: unknown): boolean {
  return isText(value, 1024) && value !== '';
}

export interface RevokeRequest {
  readonly store: string;
  readonly entry: RevocationEntry;
  readonly ttlSeconds: number;
  /** Purged after the entry was written. */
  readonly keys: readonly string[];
}

/**
 * Reads the body of `POST /.edge/revoke`: `{scope, value}` or `{tokenId}`.
 *
 * @throws {EdgeError} ERR_NOT_FOUND where the policy knows no revocation, ERR_REQUEST_MALFORMED.
 */
export function readRevokeRequest(body: string, { revocation }: Policy, nowMs: number): RevokeRequest {
  if (revocation === null)
    throw new EdgeError('ERR_NOT_FOUND', { detail: 'The policy of this service has no revocation.' });
  const what = parseRequest<Revocable>(body, SHAPE, '{scope, value} or {tokenId}');
  const names = revocation.scopes.map(({ name }) => name);
  if ('scope' in what && !names.includes(what.scope)) throw unknownName('scope', what.scope, names);
  return {
    store: revocation.store,
    entry: revocationEntry(what, nowMs / 1000),
    ttlSeconds: revocation.maxTokenSeconds,
    keys: 'scope' in what ? [surrogateKey(what.scope, [what.value])] : [],
  };
}
