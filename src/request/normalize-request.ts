import { EdgeError } from '../errors.ts';
import { announcesBody } from '../http/announces-body.ts';
import { readCookies } from '../http/cookies.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { hasMoreMembers } from '../http/list-members.ts';
import { hasUsualField } from '../http/lost-fields.ts';
import queryTokens from '../http/query-tokens.ts';
import { authorityOf, isAmbiguous, isResolved, splitTarget, type Target } from '../http/target.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { normalPath } from '../paths/normal-path.ts';
import type { Policy } from '../policy/policy.ts';
import { isLetIn } from '../policy/request-fields/let-in.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']);
/** Known, and never let through: PURGE would reach Fastly's or an origin's cache, TRACE echoes credentials. */
const REFUSED_METHODS = new Set(['PURGE', 'TRACE', 'CONNECT', 'TRACK']);
/** The request header with the operator's debug token; like every control header it goes no further. */
const DEBUG_HEADER = 'x-claimcache-debug';
/** More than anybody means. */
const MAX_MEMBERS = 100;
/** Lists that are walked, here or on the way: of thousands of members each would cost what many requests do. */
const LISTS: ReadonlySet<string> = new Set([
  'connection',
  'if-none-match',
  'if-match',
  'accept',
  'authorization',
]);
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** What is read of a request. Its URL as it came: a `Request` of Node would have normalised it. */
export type RawRequest = Pick<Request, 'method' | 'url' | 'headers'>;

/**
 * Reads a request into plain facts, without the headers that only the platform and this service may set.
 *
 * @throws {EdgeError} ERR_METHOD_REFUSED, ERR_METHOD_UNKNOWN, ERR_URI_TOO_LONG, ERR_REQUEST_MALFORMED,
 *   ERR_REQUEST_TOO_LARGE, ERR_HOST_UNKNOWN.
 */
export function normalizeRequest(request: RawRequest, policy: Policy): RequestFacts {
  const hasFields = hasUsualField(request.headers);
  if (hasFields === null) throw unreadable();
  const method = request.method.toUpperCase();
  if (REFUSED_METHODS.has(method)) throw new EdgeError('ERR_METHOD_REFUSED');
  if (!METHODS.has(method)) throw new EdgeError('ERR_METHOD_UNKNOWN');

  const { path, query, tokens } = targetOf(request.url, policy);

  const { headers, cookies, debugToken } = readHeaders(request.headers, policy);
  if (hasFields && !headers.has('host') && headers.keys().length === 0) throw unreadable();
  const facts: RequestFacts = {
    method,
    scheme: request.url.startsWith('https:') ? 'https' : 'http',
    host: readHost(request, headers, policy),
    path,
    query,
    headers,
    cookies,
    hasBody: announcesBody(headers),
    ambiguousTarget: readsTwoWays(path),
    operation: null,
  };
  if (debugToken === null && tokens === null) return facts;
  return { ...facts, ...(debugToken && { debugToken }), ...(tokens && { queryTokens: tokens }) };
}

/**
 * The facts of a request that was rewritten to another path and query, held to the same limits.
 *
 * @throws {EdgeError} ERR_URI_TOO_LONG, ERR_REQUEST_MALFORMED.
 */
export function movedTo(target: string, facts: RequestFacts, policy: Policy): RequestFacts {
  const { path, query, tokens } = targetOf(`http://${facts.host}${target}`, policy);
  if (path === facts.path && query === facts.query && tokens === null) return facts;
  const moved = { ...facts, path, query, ambiguousTarget: readsTwoWays(path) };
  // A handler that writes one means it instead of what came.
  return tokens === null
    ? moved
    : { ...moved, queryTokens: new Map([...(facts.queryTokens ?? []), ...tokens]) };
}

/** The path in its normal form: what everything else compares, keeps and asks for. Nothing that reads the query sees a token in it. */
function targetOf(
  url: string,
  { limits, queryTokens: names }: Policy,
): Target & { readonly tokens: NonNullable<RequestFacts['queryTokens']> | null } {
  const { path, query } = splitTarget(url);
  const normal = normalPath(path);
  if (normal.length + query.length > limits.urlBytes) throw new EdgeError('ERR_URI_TOO_LONG');
  const withheld = names.length === 0 || query === '' ? null : queryTokens.withhold(query, names);
  return { path: normal, query: withheld?.query ?? query, tokens: withheld?.tokens ?? null };
}

/** Nobody who means well sends dot segments: browsers and libraries resolve them before. */
function readsTwoWays(path: string): boolean {
  if (!isAmbiguous(path)) return false;
  if (isResolved(path)) throw new EdgeError('ERR_REQUEST_MALFORMED');
  return true;
}

function readHeaders(from: Headers, { limits, requestFields, queryTokens: names }: Policy) {
  const headers = new HeaderFields();
  let debugToken = null as string | null;
  let length = 0;
  // Not `for … of`, which costs this runtime more than all that is done to a field.
  from.forEach((value, name) => {
    length += name.length + value.length;
    if (value.length > MAX_MEMBERS && LISTS.has(name) && hasMoreMembers(value, MAX_MEMBERS)) {
      throw new EdgeError('ERR_REQUEST_TOO_LARGE');
    }
    if (isLetIn(name, requestFields)) headers.append(name, value);
    else if (name === DEBUG_HEADER) debugToken = value;
  });
  const field = headers.get('cookie');
  if (length > limits.headerBytes || (field !== null && field.length > limits.cookieBytes)) {
    throw new EdgeError('ERR_REQUEST_TOO_LARGE');
  }
  const referer = names.length === 0 ? null : headers.get('referer');
  // The page that links to this one may have been asked for with a token.
  if (referer !== null) headers.set('referer', queryTokens.withoutTokens(referer, names));
  const read = readCookies(field, limits.cookiePairs);
  if (read === null) throw new EdgeError('ERR_REQUEST_TOO_LARGE');
  const { text, cookies } = read;
  if (text !== null && text !== field) headers.set('cookie', text);
  return { headers, cookies, debugToken };
}

function readHost(request: RawRequest, headers: ReadonlyFields, policy: Policy): string {
  const host = (headers.get('host') ?? authorityOf(request.url)).toLowerCase();
  if (!HOST.test(host)) throw new EdgeError('ERR_REQUEST_MALFORMED');
  if (policy.hosts.size > 0 && !policy.hosts.has(host.replace(/:\d+$/, '')))
    throw new EdgeError('ERR_HOST_UNKNOWN');
  return host;
}

/** What the runtime has lost is nobody's request any more: see http/lost-fields.ts. */
function unreadable(): EdgeError {
  return new EdgeError('ERR_REQUEST_TOO_LARGE', { cause: new Error('the header fields cannot be read') });
}
