/** One thing that is wrong with a policy: where, what stands there, and how to mend it. */
export interface PolicyProblem {
  /** Stable code, listed in docs/policy.md. */
  readonly code: PolicyProblemCode;
  /** Such as `routes.orders.scope`. */
  readonly path: string;
  /** What stands there, shortened; key material is masked. */
  readonly value: string;
  readonly mend: string;
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
export type Report = (code: PolicyProblemCode, path: string, value: unknown, mend: string) => void;

/** A policy that must not be deployed. Carries every problem found, not only the first. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code = 'ERR_POLICY_INVALID';
  readonly issues: readonly PolicyProblem[];

  constructor(issues: readonly PolicyProblem[]) {
    super(
      issues
        .map(({ code, path, value, mend }) => `${code} at ${path || '(policy)'}: ${value}. ${mend}`)
        .join('\n'),
    );
    this.issues = issues;
  }
}

const SECRET_MEMBERS = new Set(['k', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'oth']);

/** A value as it may be shown: short, one line, key material masked. */
export function shown(value: unknown): string {
  const text =
    JSON.stringify(value, (member, inner: unknown) => (SECRET_MEMBERS.has(member) ? '(masked)' : inner)) ??
    String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
