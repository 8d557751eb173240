/** Exit statuses of every command, listed in docs/reference/errors.md. */
export const EXIT = {
  /** Done. `explain` ends so whatever the edge would answer. */
  ok: 0,
  /** Done, and something in it failed: a batch, a promise, a check. */
  failed: 1,
  /** The command line or its input is wrong. */
  usage: 2,
  /** Not configured: a token, a service id, a policy that compiles. */
  config: 3,
  /** The other side refused the credential. */
  refused: 4,
  /** No response from the other side. */
  unreachable: 5,
  /** Interrupted. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
