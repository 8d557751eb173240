import { EXIT, type ExitCode } from './exit-codes.ts';

/** Stable codes of what ends a command early. */
export type CliErrorCode =
  /** The command line cannot be read. */
  | 'CLI_USAGE'
  /** An input cannot be used: a file, a token, a URL. */
  | 'CLI_INPUT'
  /** Something that the command needs is not configured. */
  | 'CLI_CONFIG'
  /** The policy does not compile. */
  | 'CLI_POLICY'
  /** The other side refused the credential. */
  | 'CLI_REFUSED'
  /** No response from the other side. */
  | 'CLI_UNREACHABLE'
  /** The command failed. */
  | 'CLI_FAILED'
  /** Interrupted. */
  | 'CLI_INTERRUPTED';

/** Ends a command: what happened, and how to fix it. Neither text ever holds a secret. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly fix: string;

  constructor(code: CliErrorCode, message: string, fix: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.fix = fix;
  }

  get exitCode(): ExitCode {
    return EXIT_OF[this.code];
  }
}

const EXIT_OF: Record<CliErrorCode, ExitCode> = {
  CLI_USAGE: EXIT.usage,
  CLI_INPUT: EXIT.usage,
  CLI_CONFIG: EXIT.config,
  CLI_POLICY: EXIT.config,
  CLI_REFUSED: EXIT.refused,
  CLI_UNREACHABLE: EXIT.unreachable,
  CLI_FAILED: EXIT.failed,
  CLI_INTERRUPTED: EXIT.interrupted,
};
