import { EdgeError } from '../errors.ts';
import type { Platform, Policy } from '../types.ts';
import { authorizeOperator } from './authorize.ts';
import { readPurgeOrder } from './purge.ts';

/** Everything under this path is the service's own; no origin ever sees it. */
export const OPERATOR_PREFIX = '/.edge/';
const MAX_BODY_BYTES = 65_536;

export interface OperatorAnswer {
  readonly response: Response;
  readonly purged: number;
}

/**
 * Answers the operator endpoints.
 *
 * - `GET /.edge/health`: 200, open to all, says nothing but that the service runs.
 * - `POST /.edge/purge`: operator only.
 *
 * @throws {EdgeError} ERR_NOT_FOUND, ERR_OPERATOR_REQUIRED, ERR_METHOD_REFUSED, ERR_REQUEST_MALFORMED.
 */
export async function answerOperator(
  request: Request,
  path: string,
  headers: Headers,
  policy: Policy,
  platform: Platform,
): Promise<OperatorAnswer> {
  if (path === '/.edge/health' && (request.method === 'GET' || request.method === 'HEAD')) {
    return { response: json({ status: 'ok' }), purged: 0 };
  }
  if (path !== '/.edge/purge') throw new EdgeError('ERR_NOT_FOUND');
  authorizeOperator(headers, await platform.secret(policy.stores.secrets, 'operator_token'));
  if (request.method !== 'POST') throw new EdgeError('ERR_METHOD_REFUSED');
  const { keys, soft } = readPurgeOrder(await readBody(request, headers), policy);
  for (const key of keys) platform.purge(key, soft);
  return { response: json({ purged: keys, soft }), purged: keys.length };
}

async function readBody(request: Request, headers: Headers): Promise<string> {
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
