/**
 * Every failure has one stable code, one status and one public message.
 * The cause stays inside and goes to the log; it is never part of the message.
 * Sources: RFC 6750 section 3.1 (Bearer errors), RFC 9110 section 15, RFC 9457.
 */

/** What the outside may learn of each failure. Codes are stable; operators search for them. */
export const ERRORS = {
  ERR_CREDENTIAL_MISSING: { status: 401, title: 'Authentication required' },
  ERR_CREDENTIAL_AMBIGUOUS: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_TOKEN_MALFORMED: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_TOKEN_ALGORITHM: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_TOKEN_SIGNATURE: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_TOKEN_EXPIRED: { status: 401, title: 'Token expired', bearer: 'invalid_token' },
  ERR_TOKEN_NOT_YET_VALID: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_TOKEN_CLAIM: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_TOKEN_REVOKED: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_KEY_UNKNOWN: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_SESSION_UNKNOWN: { status: 401, title: 'Invalid session', bearer: 'invalid_token' },
  ERR_SCOPE_CLAIM: { status: 401, title: 'Invalid token', bearer: 'invalid_token' },
  ERR_SCOPE_INSUFFICIENT: { status: 403, title: 'Forbidden', bearer: 'insufficient_scope' },
  ERR_SCOPE_SET: { status: 403, title: 'Forbidden' },
  ERR_KEYS_UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
  ERR_SESSION_UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
  ERR_REVOCATION_UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
  ERR_METHOD_REFUSED: { status: 405, title: 'Method not allowed' },
  ERR_METHOD_UNKNOWN: { status: 501, title: 'Method not implemented' },
  ERR_HOST_UNKNOWN: { status: 421, title: 'Misdirected request' },
  ERR_REQUEST_MALFORMED: { status: 400, title: 'Bad request' },
  ERR_NOT_ACCEPTABLE: { status: 406, title: 'Not acceptable' },
  ERR_REQUEST_TIMEOUT: { status: 408, title: 'Request timeout' },
  ERR_REQUEST_TOO_LARGE: { status: 431, title: 'Request header fields too large' },
  ERR_BODY_TOO_LARGE: { status: 413, title: 'Content too large' },
  ERR_URI_TOO_LONG: { status: 414, title: 'URI too long' },
  ERR_HTTPS_REQUIRED: { status: 403, title: 'HTTPS required' },
  ERR_CROSS_SITE: { status: 403, title: 'Forbidden' },
  ERR_RATE_LIMITED: { status: 429, title: 'Too many requests' },
  ERR_SHIELD_REFUSED: { status: 403, title: 'Forbidden' },
  ERR_ORIGIN_UNREACHABLE: { status: 502, title: 'Bad gateway' },
  ERR_ORIGIN_TIMEOUT: { status: 504, title: 'Gateway timeout' },
  ERR_ORIGIN_RESPONSE: { status: 502, title: 'Bad gateway' },
  ERR_ORIGIN_IDENTITY: { status: 502, title: 'Bad gateway' },
  ERR_OPERATOR_REQUIRED: { status: 401, title: 'Authentication required' },
  ERR_HOOK_REFUSED: { status: 401, title: 'Authentication required' },
  ERR_NOT_FOUND: { status: 404, title: 'Not found' },
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
