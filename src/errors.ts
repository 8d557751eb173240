/**
 * Every failure has one stable code, one status and one public message.
 * The cause stays inside and goes to the log; it is never part of the message.
 * Sources: RFC 6750 section 3.1 (Bearer errors), RFC 9110 section 15, RFC 9457.
 */

/** Status, title and challenge of each failure: all that a client learns. Each comment is a row of docs/reference/errors.md: cause and `@fix`. */
export const ERRORS = {
  /**
   * No credential on a route with a scope.
   * @fix Nothing, where none was sent; `onMissing` may be `public` or `pass`. Where one was sent: let `credentials` of the provider name its place,
   * such as `[{ cookie: 'session' }]`. Default: the header `Authorization: Bearer`.
   */
  ERR_CREDENTIAL_MISSING: { status: 401, title: 'Authentication required' },
  /** Two credentials in one place: two cookies of one name, a joined `Authorization`. @fix Find the client that sends both. */
  ERR_CREDENTIAL_AMBIGUOUS: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /**
   * Not a strict compact JWS with a JSON object; too long; or with a refused header parameter (`crit`, `b64`, `zip`).
   * @fix Many of them are an attack, or a client that cuts tokens.
   */
  ERR_TOKEN_MALFORMED: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /** The token's `alg` is not one of the policy. @fix Add it to `algorithms` only if the issuer really signs with it. */
  ERR_TOKEN_ALGORITHM: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /** No key of the provider verifies it. @fix After a key rotation, look for the new key in the store. */
  ERR_TOKEN_SIGNATURE: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /**
   * `exp` has passed, or the token is older than `maxTokenAgeSeconds`.
   * @fix Clients refresh their token. If clocks differ, set `clockToleranceSeconds`. `claimcache explain` says since when.
   */
  ERR_TOKEN_EXPIRED: { status: 401, title: 'Token expired', bearer: 'invalid_token' },
  /** `nbf` is in the future; with `maxTokenAgeSeconds` `iat` too. @fix Compare the clocks. */
  ERR_TOKEN_NOT_YET_VALID: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /**
   * `iss`, `aud` or `typ` is not as the policy requires; `exp` is missing, with `maxTokenAgeSeconds` `iat` too; or a time claim is no
   * time.
   * @fix `claimcache explain` says which, its value, and what is expected.
   */
  ERR_TOKEN_CLAIM: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /** Revoked before its `exp`. @fix Nothing: the revocation works. */
  ERR_TOKEN_REVOKED: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /**
   * No key with that `kid`, type and algorithm; or the key was left out of the set, and `cause` says why.
   * @fix Compare the key set: `/.edge/status` lists the keys that were left out. A remote set is fetched again after its cooldown.
   */
  ERR_KEY_UNKNOWN: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /**
   * The endpoint that was asked about a session or an opaque token does not know it: docs/how-to/sessions.md#what-an-answer-means
   * @fix Nothing, unless users are signed in: ask the endpoint with such a cookie.
   */
  ERR_SESSION_UNKNOWN: { status: 401, title: 'Invalid session', bearer: 'invalid_token' },
  /**
   * A claim of the scope is missing, empty, too long, or of a type that cannot be a key.
   * @fix Let the issuer add the claim, or use another one. `claimcache explain` says which path was read, and the type of what is
   * there.
   */
  ERR_SCOPE_CLAIM: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  /** A claim that the scope requires is not there. @fix The user lacks the role. */
  ERR_SCOPE_INSUFFICIENT: { status: 403, title: 'Forbidden', bearer: 'insufficient_scope' },
  /**
   * A set of the scope has more members than `atMost`, or the claim is an array of more than 256:
   * docs/concepts/identity.md#sets-of-roles
   * @fix Raise `atMost`, or list fewer members in `only`.
   */
  ERR_SCOPE_SET: { status: 403, title: 'Forbidden' },
  /**
   * The keys cannot be read: store or key server down, item missing or unusable. `cause` says which.
   * @fix Check the item: docs/how-to/operations.md
   */
  ERR_KEYS_UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
  /**
   * The endpoint of sessions could not be reached, was slower than `timeoutMs`, or its response cannot be used; or there is no
   * `fingerprint_key`. `cause` says which.
   * @fix Check the endpoint: docs/how-to/sessions.md#what-an-answer-means
   */
  ERR_SESSION_UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
  /** The KV Store of revocations is down, and the policy says `reject`. @fix docs/how-to/operations.md */
  ERR_REVOCATION_UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
  /** `PURGE`, `CONNECT`, `TRACE`, `TRACK`; a wrong method at `/.edge/`. @fix Purge by `POST /.edge/purge`. */
  ERR_METHOD_REFUSED: { status: 405, title: 'Method not allowed' },
  /** Not a method of HTTP that the service knows. @fix Nothing. */
  ERR_METHOD_UNKNOWN: { status: 501, title: 'Method not implemented' },
  /** `Host` is not one of `hosts`. @fix Add the host, if it is yours. */
  ERR_HOST_UNKNOWN: { status: 421, title: 'Misdirected request' },
  /**
   * `Host` or a body at `/.edge/` cannot be read; the path has dot segments or backslashes (docs/concepts/lanes.md); or the body is
   * broken or broke off: an invalid chunk, less than its `Content-Length`, JSON without an announced length that does not end
   * (docs/proof/faults.md).
   * @fix For a body, the log line has the `cause`.
   */
  ERR_REQUEST_MALFORMED: { status: 400, title: 'Bad request' },
  /**
   * The origin sent a `Content-Encoding` that the client does not accept and that cannot be decoded here (br, zstd, several); or the
   * client refuses what is not encoded (`identity;q=0`).
   * @fix Let the origin obey `Accept-Encoding`.
   */
  ERR_NOT_ACCEPTABLE: { status: 406, title: 'Not acceptable' },
  /**
   * A body that is waited for sent nothing for `limits.betweenBytesTimeoutMs`, or was not complete after `limits.bodyTimeoutMs`, at
   * the edge or at the shield: the beginning of one that no header announces; what is read of a POST on a GraphQL endpoint; a body at
   * `/.edge/`; one that an own handler reads.
   * @fix Many of them are an attack.
   */
  ERR_REQUEST_TIMEOUT: { status: 408, title: 'Request timeout' },
  /**
   * Headers or cookies beyond `limits`, in bytes or in number; a list of more than 100 members; or one field of 69,000 bytes, which
   * the host cannot hand over.
   * @fix Raise `limits` if your clients need it.
   */
  ERR_REQUEST_TOO_LARGE: { status: 431, title: 'Request header fields too large' },
  /** A body at `/.edge/` of more than 64 KiB, or one of more than 8 MiB that an own handler reads. @fix Send it in parts. */
  ERR_BODY_TOO_LARGE: { status: 413, title: 'Content too large' },
  /** Path and query beyond `limits.urlBytes`. @fix Raise `limits` if your clients need it. */
  ERR_URI_TOO_LONG: { status: 414, title: 'URI too long' },
  /** Plain HTTP where the policy requires HTTPS. @fix Nothing. */
  ERR_HTTPS_REQUIRED: { status: 403, title: 'HTTPS required' },
  /**
   * Another site's page sent a visitor's cookie to `/.edge/purge/me`, or wanted to open a WebSocket.
   * @fix Nothing, unless that site is yours: name it in `cors.origins`, with `credentials`, or in `websocket.origins` of the route.
   */
  ERR_CROSS_SITE: { status: 403, title: 'Forbidden' },
  /** Too many requests of one client; `Retry-After` says when to come again. @fix Find out which client it is. */
  ERR_RATE_LIMITED: { status: 429, title: 'Too many requests' },
  /**
   * A request for a second pass without a valid seal: another key, policy or target, too old, or a write that was made already.
   * @fix Many from the edge: compare `shield_key` and the clocks (docs/how-to/shielding.md). From elsewhere they are forged.
   */
  ERR_SHIELD_REFUSED: { status: 403, title: 'Forbidden' },
  /** The origin could not be reached, or broke off. @fix Check the backend: docs/how-to/operations.md */
  ERR_ORIGIN_UNREACHABLE: { status: 502, title: 'Bad gateway' },
  /** Nothing came within `limits.firstByteTimeoutMs`, or between two bytes. @fix Check the backend: docs/how-to/operations.md */
  ERR_ORIGIN_TIMEOUT: { status: 504, title: 'Gateway timeout' },
  /**
   * The origin's response cannot be handed on: a status below 200 or above 599, a 101 without a WebSocket request, a body compressed
   * by its transfer coding (`Transfer-Encoding: gzip`), a field of more than 64 KiB. `cause` says which.
   * @fix The origin, or a proxy before it, does not speak HTTP there.
   */
  ERR_ORIGIN_RESPONSE: { status: 502, title: 'Bad gateway' },
  /**
   * The response header that says whose page it is (`assertedBy`) is missing, or names another user. An alarm.
   * @fix The origin, or a cache before it, mixes users up: look there at once.
   */
  ERR_ORIGIN_IDENTITY: { status: 502, title: 'Bad gateway' },
  /** `/.edge/` without the operator token, or with another. @fix Compare with the secret `operator_token`. */
  ERR_OPERATOR_REQUIRED: { status: 401, title: 'Authentication required' },
  /**
   * A delivery to `/.edge/purge/hook/` with a wrong signature, time or name, or without its secret. `cause` says which; the sender
   * does not learn it.
   * @fix docs/how-to/purge-hooks.md#when-a-delivery-is-refused
   */
  ERR_HOOK_REFUSED: { status: 401, title: 'Authentication required' },
  /**
   * No such endpoint under `/.edge/`; or no operator token is configured, or one of fewer than 16 characters (`cause` says so). With a
   * valid token `detail` says what the policy does not have.
   * @fix Set `operator_token` to switch the endpoints on.
   */
  ERR_NOT_FOUND: { status: 404, title: 'Not found' },
  /** A fault of the service, or a purge that failed. @fix The log line has the cause; please report it. */
  ERR_INTERNAL: { status: 500, title: 'Internal error' },
} as const satisfies Record<string, ErrorFacts>;

interface ErrorFacts {
  readonly status: number;
  readonly title: string;
  /** The `error` of `WWW-Authenticate: Bearer` (RFC 6750 section 3.1). */
  readonly bearer?: 'invalid_token' | 'insufficient_scope';
}

export type ErrorCode = keyof typeof ERRORS;

/** A failure that ends in an answer. `cause` is for the log's code path only, never for a client. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
  readonly code: ErrorCode;
  /** `Retry-After`, where it is known when to come again. */
  readonly retryAfterSeconds: number | null;
  /** `Allow`, where fewer methods are than the service lets through anywhere. */
  readonly allow: string | null;
  /** What is wrong with an order, for whoever has proven to be the operator: it goes out. */
  readonly detail: string | null;

  constructor(
    code: ErrorCode,
    options?: { cause?: unknown; retryAfterSeconds?: number; allow?: string; detail?: string },
  ) {
    super(ERRORS[code].title, options);
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds ?? null;
    this.allow = options?.allow ?? null;
    this.detail = options?.detail ?? null;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get bearerError(): string | undefined {
    const facts: ErrorFacts = ERRORS[this.code];
    return facts.bearer;
  }
}

/** Anything thrown, as an error with a code. */
export function asEdgeError(cause: unknown): EdgeError {
  return cause instanceof EdgeError ? cause : new EdgeError('ERR_INTERNAL', { cause });
}
