import type { UnkeyedBody } from '../bodies/content.ts';
import type { FreshnessReason } from '../cache/freshness/freshness-decision.ts';
import { ERRORS, type ErrorCode } from '../errors.ts';
import type { Reason } from '../lanes/lane.ts';

/** Why a lane, in a sentence. docs/concepts/lanes.md has the order. */
export const REASON_TEXTS: Readonly<Record<Reason, string>> = {
  anonymous: 'no scope, no editor, no Authorization, a safe method: one cache for everybody',
  'scope-verified': 'the token is verified: cached under its claims',
  'scope-write': 'an unsafe method of a verified caller passes, and then purges that identity',
  'scope-sensitive': 'verified, and the route says cache: false: never stored',
  'scope-editor':
    'verified, and a cookie, parameter or header of cms is there: an editor is never served from the cache',
  'scope-fallback-pass': 'no user is verified, and the route lets such a request pass',
  'scope-fallback-public': 'no user is verified, and the route serves such a request from the public cache',
  'cms-cookie': 'a CMS session cookie is there: an editor passes',
  'cms-query': 'a query parameter of cms.query is there: a preview passes',
  'cms-header': 'a request header of cms.headers is there: a preview passes',
  'cms-path': 'a path of the CMS always passes',
  'authorization-unclaimed': 'Authorization is there, and no scope of this route claims it',
  'unsafe-method': 'an unsafe method passes, with its cookies',
  'route-pass': 'the route says lane: pass',
  'fallback-pass': 'no route names the path, and the policy says fallback: pass',
  'fallback-credential': 'no route names the path, and the request carries a credential (fallback: auto)',
  'fallback-cookie':
    'no route names the path, and the request carries a cookie that is not in ignoreCookies (fallback: auto)',
  preflight: 'OPTIONS never authenticates and is never cached',
  'ambiguous-target':
    'the path can be read in two ways: %2f, %5c, //, ;, control characters, broken escapes, no UTF-8, Unicode variants of / \\ . % ;',
  'protected-lookalike': 'an origin may take this public path for a protected one',
  'body-on-get': 'a GET with a body: the key does not have it',
  'graphql-mutation':
    'a mutation passes, and then purges that identity, and what its response and the policy name',
  'body-unkeyed':
    'the route is cached by body, and this body cannot be part of the key: it passes, and counts as no write',
  'query-method': 'QUERY only asks, and the route does not say methods: ["QUERY"]: it passes',
  'graphql-subscription': 'a subscription is never cached',
  'graphql-unsupported':
    'several operations in one document, or a response in parts (@defer, @stream, @live): not cached',
  'graphql-batch': 'several GraphQL requests in one body pass, and count as a write',
  'graphql-unlearned':
    'a hash or an identifier whose text is not known here: by POST it may be a mutation, and counts as a write',
  'graphql-unreadable':
    'nothing that can be read in one way only as a GraphQL request: it passes, and by POST counts as a write',
  'graphql-ask': "a hash that is not known here, with unknownHash: 'ask': the client is asked for the text",
  'other-scheme':
    'Authorization is of a scheme in otherSchemes of the route: it goes to the origin, past the cache',
  'switch-pass': 'a switch of the Config Store makes it pass',
  'switch-observe': 'a switch of the Config Store only observes this route',
  'switches-unreadable': 'the switches of the Config Store could not be read: nothing is cached meanwhile',
  'no-engine': 'the platform has no cache that could be used',
  'vary-unkeyed':
    "the origin's response varies on a field that the client sends and the key does not have: past the cache",
  websocket: 'a WebSocket, which the route lets in: the origin gets the request as it came',
  error: 'the edge responds by itself',
};

/** Why a body cannot be part of the key. docs/how-to/request-bodies.md. */
export const UNKEYED_TEXTS: Readonly<Record<UnkeyedBody, string>> = {
  'media-type':
    'its media type is missing, or not the one of the route: application/json in UTF-8, or one with +json',
  fields:
    'a field says more of the body than its media type: Content-Encoding, -Language, -Location or -Range',
  length: 'it is empty, or longer than maxBodyBytes of the route',
  json: 'not JSON that everybody reads alike: see duplicate members, numbers, half characters, a byte order mark, depth',
  'no-transform': 'the request says no-transform, and its JSON is not in its one spelling',
};

/** What came of an answer of the origin. docs/concepts/caching.md has the rules. */
export const FRESHNESS_TEXTS: Readonly<Record<FreshnessReason, string>> = {
  stored: 'stored',
  'no-store': 'not stored: the origin says no-store, and no must-understand with a known status',
  'no-cache': 'not stored: the origin says no-cache',
  private: 'not stored: private, on the public lane or a shared scope',
  'no-consent':
    'not stored: a shared scope, and the origin sends neither public nor s-maxage, Surrogate-Control or CDN-Cache-Control',
  'set-cookie': 'not stored: it sets a cookie',
  'vary-star': 'not stored: Vary: *, or more than 32 fields that are not in the key',
  status: 'not stored: 1xx, 304, or must-understand with an unknown status',
  partial: 'not stored: 206, or Content-Range',
  'no-freshness': 'not stored: neither the origin nor the route states a lifetime, and none is guessed',
  'zero-ttl': 'not stored: nothing is left of its lifetime when it arrives',
  'content-mismatch':
    'not stored: public lane, and the media type does not fit the extension, such as HTML at /x.css (web cache deception)',
  'event-stream': 'not stored: a body without an end: text/event-stream, multipart/x-mixed-replace',
  'forwarded-echo':
    'not stored: it holds a value of forwardHeaders in a header, or varies on one: that is one visitor’s',
  'graphql-errors': 'not stored: the response has errors',
  'graphql-unseen': 'not stored: the response cannot be read',
};

/** What to look at, where the code alone does not say it. */
const CODE_TEXTS: Partial<Record<ErrorCode, string>> = {
  ERR_CREDENTIAL_MISSING: 'what the scope asks of a visitor was not sent',
  ERR_CREDENTIAL_AMBIGUOUS:
    'two credentials in one place: two cookies, a cookie and its chunks, or a token in the query beside another one',
  ERR_TOKEN_MALFORMED:
    "not a compact token that this edge reads, or not in the cookie as the provider's format says: a chunk is missing, or out of its order",
  ERR_TOKEN_ALGORITHM:
    "the token's alg, or of an encrypted one its enc, is not among the provider's algorithms",
  ERR_TOKEN_SIGNATURE: 'no key of the provider verifies it: compare the key with the issuer’s',
  ERR_TOKEN_EXPIRED: 'exp has passed, or the token is older than maxTokenAgeSeconds',
  ERR_TOKEN_NOT_YET_VALID:
    'nbf is in the future, or iat where maxTokenAgeSeconds counts from it: compare the clocks',
  ERR_TOKEN_CLAIM: 'iss, aud, typ or a time is not as a provider of the scope asks',
  ERR_TOKEN_REVOKED: 'revoked before its exp',
  ERR_KEY_UNKNOWN: 'the provider has no key with that kid, type and algorithm',
  ERR_SESSION_UNKNOWN: 'the endpoint that was asked about the credential does not know it',
  ERR_SESSION_UNAVAILABLE: 'the endpoint that is asked about credentials gives no response that can be used',
  ERR_SCOPE_CLAIM: 'a claim of the scope is missing, or cannot be part of a key',
  ERR_SCOPE_SET: 'a set of the scope has more members than the policy allows',
  ERR_SCOPE_INSUFFICIENT: 'a required claim is not there',
  ERR_KEYS_UNAVAILABLE: "the provider's keys cannot be had: store, item or key server",
  ERR_REVOCATION_UNAVAILABLE: 'the KV Store of revocations is down',
  ERR_RATE_LIMITED: 'this client is in the penalty box',
  ERR_METHOD_REFUSED: 'this method is never let through',
  ERR_METHOD_UNKNOWN: 'no method of HTTP that the service knows',
  ERR_HOST_UNKNOWN: 'the host is not one of the policy’s hosts',
  ERR_REQUEST_MALFORMED: 'the Host cannot be read, or the path has dot segments or backslashes',
  ERR_BODY_TOO_LARGE: 'a body at /.edge/ of more than 64 KiB',
  ERR_REQUEST_TOO_LARGE: 'headers or cookies beyond the limits',
  ERR_URI_TOO_LONG: 'path and query beyond limits.urlBytes',
  ERR_HTTPS_REQUIRED: 'plain HTTP where the policy requires HTTPS',
  ERR_ORIGIN_IDENTITY: 'the origin does not say that the page is this identity’s (assertedBy)',
};

export function codeText(code: ErrorCode): string {
  return `${code} (${ERRORS[code].status}): ${CODE_TEXTS[code] ?? ERRORS[code].title}`;
}
