/** One thing that is wrong with a policy: where, what stands there, why that is wrong, and how to fix it. */
export interface PolicyProblem {
  /** Stable code, listed in docs/reference/errors.md. */
  readonly code: PolicyProblemCode;
  /** Such as `routes.orders.scope`. */
  readonly path: string;
  /** What stands there, shortened; key material is masked. */
  readonly value: string;
  /** The cause and what to write instead. */
  readonly fix: string;
}

/** What `definePolicy` refuses. */
export type PolicyProblemCode =
  /** A misspelt setting, or a value of the wrong type. The fix says what is expected, and the name that may be meant. */
  | 'POLICY_SHAPE'
  /** A name that cannot be used, or a reserved scope. */
  | 'POLICY_NAME'
  /** A scope, provider or origin that does not exist. */
  | 'POLICY_UNKNOWN_REFERENCE'
  /** A pattern that is none, such as a `*` in a host. */
  | 'POLICY_PATTERN'
  /** A pattern that another one hides. */
  | 'POLICY_UNREACHABLE'
  /** A route both public and scoped, a time to live on a route that is never stored, a setting without meaning in its place. */
  | 'POLICY_CONFLICT'
  /** An empty segment, a path like a URL with dots, or a claim twice in a scope: docs/reference/policy.md#claim-paths */
  | 'POLICY_CLAIM_PATH'
  /** No algorithm, or `none`; HMAC with a public key. */
  | 'POLICY_ALGORITHM'
  /**
   * A private key, an RSA key under 2048 bits, or an HMAC key anywhere but in the Secret Store. The length of that one is checked when
   * it is read: docs/concepts/identity.md
   */
  | 'POLICY_KEY'
  /** `min` above `max`, or `default` outside of the two. */
  | 'POLICY_TTL'
  /**
   * A policy that could leak: a cookie that is, or by its pattern may be, both CMS session and credential; a shared scope that
   * forwards a member's credential; `stripSetCookie` on a route with a scope, `stripSetCookies` on a shared one;
   * `requestHeaders.allow` with a field that only the edge may set; `query: 'verbatim'` where a provider reads tokens in the query; a
   * header of `cms` that tells visitors apart.
   */
  | 'POLICY_UNSAFE';

/** Adds one problem to the list. */
export type Report = (code: PolicyProblemCode, path: string, value: unknown, fix: string) => void;

/** A policy that is not valid. Carries every problem found, not only the first. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code = 'ERR_POLICY_INVALID';
  readonly issues: readonly PolicyProblem[];

  constructor(issues: readonly PolicyProblem[]) {
    super(
      issues
        .map(({ code, path, value, fix }) => `${code} at ${path || '(policy)'}: ${value}. ${fix}`)
        .join('\n'),
    );
    this.issues = issues;
  }
}

const SECRET_MEMBERS = new Set(['k', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'oth']);

/** A value as it may be shown: short, one line, key material masked. */
export function redact(value: unknown): string {
  const text =
    JSON.stringify(value, (member, inner: unknown) => (SECRET_MEMBERS.has(member) ? '(masked)' : inner)) ??
    String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
