import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../root.ts';
import { tableOf } from './documented.ts';
import { sourceOf } from './source.ts';

type Rows = Readonly<Record<string, string>>;

const FROM_CLIENT: Rows = {
  'X-Claimcache-Debug':
    'The secret `debug_token`: the response tells what the service knows of the request ([Debug one request](../how-to/operations.md#debug-one-request)). Another value changes nothing.',
  'Fastly-*, Surrogate-*, X-Claimcache-*, X-Auth-Route, CDN-Cache-Control':
    'Dropped from a client in every spelling. So is everything that the edge sets for an origin.',
};

const TO_ORIGIN: Rows = {
  Host: '`hostHeader` of the origin; without it the host of the request.',
  'User-Agent': '`claimcache` on a cacheable lane, which sends no field of a client that is not in the key.',
  'Accept-Encoding':
    'On a cacheable lane one of `br, gzip`, `br`, `gzip`, `zstd` and `identity`, by the client’s. Each is a variant if the response is encoded or varies on it.',
  'X-Forwarded-Host': 'The host of the request. A client’s own is dropped.',
  'X-Forwarded-Proto': 'The scheme of the request. A client’s own is dropped.',
  'X-Forwarded-Port': 'The port of the request. A client’s own is dropped.',
  Forwarded: 'Host and scheme (RFC 7239). A client’s own is dropped.',
  'X-Claimcache-Claims':
    'The verified claims of the scope, and its parts, as JSON: `{"tenant.id":"acme","role":"member"}`. Each is under its own name, a part that is called like a claim under `part:<name>`.',
  'X-Claimcache-Country': 'With `variants.countries`: a country of the list, or `other`.',
  'X-Claimcache-Device': 'With `variants.devices`: `desktop`, `mobile`, `tablet` or `other`.',
  'X-Claimcache-Shield': 'Between the two passes of a shielded request: its sealed plan. No origin gets it.',
  'Accept, Content-Type': 'Of a query or body that is part of the key: as it was keyed.',
  Cookie: 'On a cacheable lane the cookie of the verified credential and those of scope parts and variants.',
  Authorization: 'The verified credential, unless `forwardCredential` is `false`.',
  'Fields of a policy':
    '`forwardClaims`, `forwardHeaders`, `vary`, `clientAddress`, `lock`: [Settings](settings.md).',
};

const FROM_ORIGIN: Rows = {
  'Surrogate-Control, CDN-Cache-Control, Cache-Control':
    'Whether the response is stored and for how long; the first valid one decides: [What is stored](../concepts/caching.md).',
  'Surrogate-Key, xkey, Cache-Tag':
    'Keys to purge by: separated by blanks, in `Cache-Tag` by commas. The first 16 KiB of a field count; a key has 1,024 printable ASCII characters at most.',
  Vary: 'Fields by which responses differ: [Vary](../concepts/caching.md#vary).',
  'X-Claimcache-Shield-State':
    'From a second pass: the state of its cache, `PASS` or `ERROR`. Never sent to a client.',
  'X-Claimcache-Shield-Code': 'From a second pass: the code of its error. Never sent to a client.',
  'X-Claimcache-Shield-Length': 'From a second pass: the length of a stored body. Never sent to a client.',
};

const TO_CLIENT: Rows = {
  'X-Cache': 'HIT, MISS, STALE, BYPASS or ERROR.',
  'Cache-Status':
    'RFC 9211: `claimcache;hit;ttl=60`, `claimcache;fwd=uri-miss;detail=no-store`. The detail is the `detail` of the log, on BYPASS its `reason`.',
  Age: 'Age of the response in seconds, not on BYPASS.',
  'Cache-Control': 'By lane: [What the browser gets](../concepts/caching.md#what-the-browser-gets).',
  Vary: 'The origin’s, with the fields of credentials on a route with a scope, and `Origin` with `cors`.',
  'X-Auth-Route':
    '`true` on a pass of an editor, of a verified user, or with an `Authorization` that no scope claims.',
  'WWW-Authenticate':
    '`Bearer`, with an `error` where a credential was sent (RFC 6750): [Errors](errors.md).',
  Allow: 'On a 405.',
  'Retry-After': 'On a 429: when the block ends; on a fallback page the origin’s.',
  'Strict-Transport-Security': '`hstsSeconds`, over TLS.',
  'Access-Control-Allow-Origin': 'By `cors` of the policy.',
  'Access-Control-Allow-Credentials': 'By `cors` of the policy.',
  'Access-Control-Expose-Headers': 'By `cors` of the policy.',
  'Access-Control-Allow-Methods': 'By `cors`, on a preflight.',
  'Access-Control-Allow-Headers': 'By `cors`, on a preflight.',
  'Access-Control-Max-Age': 'By `cors`, on a preflight.',
  'Content-Encoding':
    'The origin’s; taken away where the body is decoded for a client that does not accept it. `ETag` is weak then.',
  'Content-Range': 'On a 206, and on a 416.',
  'Content-Length': 'Where the length is known.',
  ETag: 'The origin’s; weak where the body is compressed or decoded on the way.',
  'X-Content-Type-Options': '`nosniff` on a fallback page.',
  'X-Compress-Hint': '`on`, for Fastly, which compresses the body: `compress` of a route.',
  'Server-Timing': 'With the debug token: milliseconds of `verify`, `origin`, `vcpu` and `total`.',
  'X-Claimcache-Debug-*':
    'With the debug token: `Lane`, `Reason`, `Route`, `State`, `Detail`, `Code`, `Engine`, `Ttl`, `Shield`, `Request-Id`, `Key` (a digest of the cache key) and `Surrogate-Keys` (how many).',
};

/** Stored beside a response, or of the platform's own: nobody sends or gets them. */
const INTERNAL = ['x-claimcache-fingerprint', 'x-claimcache-object', 'x-claimcache-unkeyed-vary'];
/** Of requests that the service makes for itself, or corrected in what a client has sent before anything reads it. */
const NO_FIELDS = ['client_id', 'client_secret', 'referer'];

/** The header fields that the service reads and sets: the page `reference/headers.md`. */
export function headersPage(): string {
  const pages = [FROM_CLIENT, TO_ORIGIN, FROM_ORIGIN, TO_CLIENT];
  const documented = pages.flatMap((rows) => Object.keys(rows).join(', ').toLowerCase().split(', '));
  const known = new Set([...documented, ...INTERNAL, ...NO_FIELDS]);
  const unknown = [...fieldsOfTheSource()].filter((name) => !known.has(name) && !name.endsWith('-'));
  if (unknown.length > 0)
    throw new Error(`Header fields that scripts/reference/headers.ts lacks: ${unknown.join(', ')}`);
  return [
    '# Headers',
    'The fields that the service reads and sets. Others are handed on. Made by `npm run docs:reference`, which finds the names in the sources.',
    '## From the client',
    table(FROM_CLIENT),
    'Which other fields of a client reach an origin: [Fields that reach no origin](../how-to/origins.md#fields-that-reach-no-origin).',
    '## To the origin',
    table(TO_ORIGIN),
    '## From the origin',
    table(FROM_ORIGIN),
    'Removed on the way to a client, on every lane: `Surrogate-*`, `Fastly-*`, `X-Claimcache-*`, `Edge-*`, `Akamai-*`, `X-Akamai-*`, `X-Accel-*`, `X-Sendfile*`, `X-Lighttpd-Send-*`, `X-LiteSpeed-*`, `X-Reproxy-*`, `X-Cache-*`, `X-Cacheable`, `X-ESI*`, `Cache-Tag`, `xkey`, `X-Timer`, `X-Served-By`, and every name that ends with `-Cache-Control`.',
    '## To the client',
    table(TO_CLIENT),
    '',
  ].join('\n\n');
}

const table = (rows: Rows) =>
  tableOf(
    ['field', ''],
    Object.entries(rows).map(([name, text]) => [name.replaceAll(', ', '`, `'), text] as const),
  );

/** The literal names in `headers.set('…', …)`, and every one of the service's own. */
function fieldsOfTheSource(): Set<string> {
  const found = new Set<string>();
  const files = readdirSync(path.join(root, 'src'), { recursive: true })
    .map((name) => `src/${String(name)}`)
    .filter((name) => name.endsWith('.ts') && !/^src\/(?:testing|client|build|warmup)\//.test(name))
    .filter((name) => /\.(?:set|append)\('|'x-claimcache-/.test(readFileSync(path.join(root, name), 'utf8')));
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && /^x-claimcache-[a-z-]+$/.test(node.text)) found.add(node.text);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [name, value] = node.arguments;
      const isSet = ['set', 'append'].includes(node.expression.name.text);
      if (isSet && value !== undefined && name !== undefined && ts.isStringLiteral(name))
        found.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(sourceOf(file));
  return found;
}
