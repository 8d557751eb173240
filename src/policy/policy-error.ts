/** One thing that is wrong with a policy: where, what stands there, why that is wrong, and how to fix it. */
export interface PolicyProblem {
  /** Stable code, listed in docs/reference/policy.md. */
  readonly code: PolicyProblemCode;
  /** Such as `routes.orders.scope`. */
  readonly path: string;
  /** What stands there, shortened; key material is masked. */
  readonly value: string;
  /** The cause and what to write instead. */
  readonly fix: string;
}

export type PolicyProblemCode =
  | 'POLICY_SHAPE'
  | 'POLICY_NAME'
  | 'POLICY_UNKNOWN_REFERENCE'
  | 'POLICY_PATTERN'
  | 'POLICY_UNREACHABLE'
  | 'POLICY_CONFLICT'
  | 'POLICY_CLAIM_PATH'
  | 'POLICY_ALGORITHM'
  | 'POLICY_KEY'
  | 'POLICY_TTL'
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
