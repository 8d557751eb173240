/** Exit statuses of every command, documented in docs/reference/commands.md. */
export const EXIT = {
  ok: 0,
  /** The work was done and something in it failed: a batch, a promise, a check. */
  failed: 1,
  /** The command line or its input makes no sense. */
  usage: 2,
  /** Something the command needs is not configured: a token, a service id, a policy that compiles. */
  config: 3,
  /** The other side refused the credential. */
  refused: 4,
  /** Nobody answered. */
  unreachable: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
