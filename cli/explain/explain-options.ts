import type { Explanation } from '../../src/explain/explanation.ts';
import { CliError } from '../base/cli-error.ts';

/** What stands behind `claimcache explain`. */
export interface ExplainOptions {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly cookie?: string[];
  readonly header?: string[];
  readonly data?: string;
  readonly status?: number;
  readonly responseHeader?: string[];
  readonly country?: string;
  readonly device?: 'desktop' | 'mobile' | 'tablet';
  readonly at?: string;
  readonly jwks?: string[];
  readonly secretFile?: string[];
  readonly manifest?: string;
  readonly policy?: string;
  readonly local?: string | true;
  readonly showValues?: boolean;
  readonly json?: boolean;
}

/** What an explanation came with beside itself. */
export interface Explained {
  readonly explanation: Explanation;
  /** Why the service may decide in another way, because this machine does not know what the service knows: first of all that. */
  readonly unknown: readonly string[];
  readonly warnings: readonly string[];
}

/** What only a local explanation can be told. @throws {CliError} CLI_USAGE */
export function refuseLocalOptions(options: ExplainOptions): void {
  const given = [
    ['--at', options.at],
    ['--country', options.country],
    ['--device', options.device],
    ['--manifest', options.manifest],
    ['--jwks', options.jwks?.[0]],
    ['--secret-file', options.secretFile?.[0]],
  ].filter(([, value]) => value !== undefined);
  const [first] = given;
  if (first === undefined) return;
  throw new CliError(
    'CLI_USAGE',
    `${first[0]} has no meaning for a service: it has its own keys, clock and policy.`,
    'Leave it out, or leave out --local.',
  );
}
