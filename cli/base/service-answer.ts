import { MIN_SECRET_LENGTH } from '../../src/crypto/min-secret-length.ts';
import { CliError } from './cli-error.ts';
import type { OperatorEndpoint } from './operator.ts';
import { printable } from './printable.ts';
import type { Outcome } from './retry.ts';

type Endpoint = Pick<OperatorEndpoint, 'origin' | 'by' | 'tokenFrom'>;

/**
 * The body of a 2xx of a service's own endpoint.
 *
 * @throws {CliError} CLI_UNREACHABLE, CLI_REFUSED, CLI_FAILED.
 */
export function serviceAnswer(outcome: Outcome, endpoint: Endpoint): string {
  if (outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300) return outcome.body;
  const status = outcome.kind === 'unreachable' ? null : outcome.status;
  const said = outcome.kind === 'answer' ? saidBy(outcome.body) : '';
  const why = outcome.kind === 'answer' ? `status ${outcome.status}` : outcome.reason;
  throw new CliError(
    status === null ? 'CLI_UNREACHABLE' : status === 401 || status === 403 ? 'CLI_REFUSED' : 'CLI_FAILED',
    `The service at ${endpoint.origin}: ${said === '' ? `${why}.` : `${why}. ${said}`}`,
    serviceHint(status, said, endpoint),
  );
}

/** What to do where a service's own endpoint has failed. `status`: null where nobody answered. */
export function serviceHint(status: number | null, said: string, { by, tokenFrom }: Endpoint): string {
  if (status === null) {
    if (by === 'default')
      return 'No service of this folder runs that `claimcache dev` (npm start) has started: start it, or name one: --local URL.';
    return by === 'dev'
      ? '`claimcache dev` runs, and its service does not answer: what it prints says why.'
      : 'Is it running, and is the URL right?';
  }
  if (status === 401 || status === 403)
    return tokenFrom === 'environment'
      ? 'CLAIMCACHE_OPERATOR_TOKEN is not the secret operator_token of that service.'
      : 'The operator_token that fastly.toml names is not the one that the service was started with: start it again.';
  if (status === 404)
    return said !== ''
      ? 'Deploy a policy that has it, or ask another service.'
      : `Either no claimcache service answers there, or its operator endpoints are off: its Secret Store has no operator_token of ${MIN_SECRET_LENGTH} characters or more.`;
  if (status < 500) return 'Correct what it says; where it says nothing, it is a service of another version.';
  return 'The line of its log has the cause. Trying again is safe.';
}

/** `detail` of problem details (RFC 9457): what a service says to its operator. */
export function saidBy(body: string): string {
  try {
    const { detail } = JSON.parse(body);
    return typeof detail === 'string' ? printable(detail).slice(0, 2000) : '';
  } catch {
    return '';
  }
}
