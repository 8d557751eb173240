import { EdgeError } from '../errors.ts';
import type { Platform, Policy, ReadonlyFields } from '../types.ts';
import { authorizeOperator } from './authorize.ts';
import { healthOf } from './health.ts';
import { readPurgeOrder } from './purge.ts';
import { readRevokeOrder } from './revoke.ts';

/** Everything under this path is the service's own; no origin ever sees it. */
export const OPERATOR_PREFIX = '/.edge/';
/** Answered without TLS too: whoever asks whether the service runs sends no secret. */
export const HEALTH_PATH = '/.edge/health';
const MAX_BODY_BYTES = 65_536;

export interface OperatorAnswer {
  readonly response: Response;
  readonly purged: number;
}

type Endpoint = (body: string, policy: Policy, platform: Platform) => Promise<OperatorAnswer>;

/** POST, operator only. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/.edge/purge': async (body, policy, platform) => {
    const { keys, soft } = readPurgeOrder(body, policy);
    for (const key of keys) platform.purge(key, soft);
    return { response: json({ purged: keys, soft }), purged: keys.length };
  },

  /** The entry first, then the purge: in the other order a request between the two could fill the cache again. */
  '/.edge/revoke': async (body, policy, platform) => {
    const { store, entry, ttlSeconds, keys } = readRevokeOrder(body, policy, platform.nowMs());
    try {
      await platform.writeKv(store, entry.key, entry.value, ttlSeconds);
    } catch (cause) {
      throw new EdgeError('ERR_REVOCATION_UNAVAILABLE', { cause });
    }
    for (const key of keys) platform.purge(key, false);
    return { response: json({ revoked: entry.key, purged: keys, ttlSeconds }), purged: keys.length };
  },
};

/**
 * Answers the operator endpoints.
 *
 * - `GET /.edge/health`: 200, open to all, says nothing but that the service runs; to the operator also of backends.
 * - `POST /.edge/purge`, `POST /.edge/revoke`: operator only.
 *
 * @throws {EdgeError} ERR_NOT_FOUND, ERR_OPERATOR_REQUIRED, ERR_METHOD_REFUSED, ERR_REQUEST_MALFORMED,
 *   ERR_REQUEST_TOO_LARGE, ERR_REVOCATION_UNAVAILABLE.
 */
export async function answerOperator(
  request: Request,
  path: string,
  headers: ReadonlyFields,
  policy: Policy,
  platform: Platform,
): Promise<OperatorAnswer> {
  if (path === HEALTH_PATH && (request.method === 'GET' || request.method === 'HEAD')) {
    return { response: json(await healthOf(headers, policy, platform)), purged: 0 };
  }
  const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (endpoint === undefined) throw new EdgeError('ERR_NOT_FOUND');
  authorizeOperator(headers, await platform.secret(policy.stores.secrets, 'operator_token'));
  if (request.method !== 'POST') throw new EdgeError('ERR_METHOD_REFUSED');
  return endpoint(await readBody(request, headers), policy, platform);
}

async function readBody(request: Request, headers: ReadonlyFields): Promise<string> {
  if (Number(headers.get('content-length') ?? '0') > MAX_BODY_BYTES)
    throw new EdgeError('ERR_REQUEST_TOO_LARGE');
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) throw new EdgeError('ERR_REQUEST_TOO_LARGE');
  return text;
}

function json(body: unknown): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    headers: { 'content-type': 'application/json', 'cache-control': 'private, no-store, max-age=0' },
  });
}
