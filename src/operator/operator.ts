import { EdgeError } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import { authorizeOperator } from './authorize.ts';
import type { ExplainQuestion } from './explain-question.ts';
import { healthOf } from './health.ts';
import { json, type OperatorAnswer } from './operator-answer.ts';
import { HEALTH_PATH } from './paths.ts';
import { readPurgeRequest } from './purge.ts';
import { readExplainRequest } from './read-explain.ts';
import { readRevokeRequest } from './revoke.ts';

const MAX_BODY_BYTES = 65_536;

/** What the endpoints ask of folders that stand above this one. */
export interface OperatorTools {
  readonly explain: (question: ExplainQuestion) => Promise<object>;
  readonly status: () => Promise<object>;
  /** The body of the request as text, of at most so many bytes, and not waited for longer than for any other. */
  readonly readBody: (limitBytes: number) => Promise<string>;
}

/** One request of the operator. */
export interface OperatorRequest {
  readonly body: string;
  /** Of the request itself. */
  readonly host: string;
  readonly policy: Policy;
  readonly platform: Platform;
  readonly tools: OperatorTools;
}

interface Endpoint {
  readonly method: 'GET' | 'POST';
  answer(request: OperatorRequest): Promise<OperatorAnswer>;
}

/** Operator only. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/.edge/purge': {
    method: 'POST',
    async answer({ body, policy, platform }) {
      const { keys, soft, dryRun } = readPurgeRequest(body, policy);
      if (dryRun) return { response: json({ wouldPurge: keys, soft }), purged: 0 };
      for (const key of keys) platform.purge(key, soft);
      return { response: json({ purged: keys, soft }), purged: keys.length };
    },
  },
  /** The entry first, then the purge: in the other order a request between the two could fill the cache again. */
  '/.edge/revoke': {
    method: 'POST',
    async answer({ body, policy, platform }) {
      const { store, entry, ttlSeconds, keys } = readRevokeRequest(body, policy, platform.nowMs());
      try {
        await platform.writeKv(store, entry.key, entry.value, ttlSeconds);
      } catch (cause) {
        throw new EdgeError('ERR_REVOCATION_UNAVAILABLE', { cause });
      }
      for (const key of keys) platform.purge(key, false);
      return { response: json({ revoked: entry.key, purged: keys, ttlSeconds }), purged: keys.length };
    },
  },
  /** A POST, because the request to explain has headers and perhaps a token, and neither belongs in a URL. */
  '/.edge/explain': {
    method: 'POST',
    async answer({ body, host, tools }) {
      return { response: json(await tools.explain(readExplainRequest(body, host))), purged: 0 };
    },
  },
  '/.edge/status': {
    method: 'GET',
    async answer({ tools }) {
      return { response: json(await tools.status()), purged: 0 };
    },
  },
};

/**
 * Answers the operator endpoints.
 *
 * - `GET /.edge/health`: 200, open to all, says nothing but that the service runs; to the operator also of backends.
 * - `POST /.edge/purge`, `POST /.edge/revoke`, `POST /.edge/explain`, `GET /.edge/status`: operator only.
 *
 * @throws {EdgeError} ERR_NOT_FOUND, ERR_OPERATOR_REQUIRED, ERR_METHOD_REFUSED, ERR_REQUEST_MALFORMED,
 *   ERR_BODY_TOO_LARGE, ERR_REQUEST_TIMEOUT, ERR_REVOCATION_UNAVAILABLE.
 */
export async function answerOperator(
  request: Request,
  path: string,
  headers: ReadonlyFields,
  policy: Policy,
  platform: Platform,
  tools: OperatorTools,
): Promise<OperatorAnswer> {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (path === HEALTH_PATH && isRead) {
    return { response: json(await healthOf(headers, policy, platform)), purged: 0 };
  }
  const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (endpoint === undefined) throw new EdgeError('ERR_NOT_FOUND');
  authorizeOperator(headers, await platform.secret(policy.stores.secrets, 'operator_token'));
  if (request.method !== endpoint.method)
    throw new EdgeError('ERR_METHOD_REFUSED', { allow: endpoint.method });
  const body = isRead ? '' : await tools.readBody(MAX_BODY_BYTES);
  return endpoint.answer({ body, host: headers.get('host') ?? '', policy, platform, tools });
}
