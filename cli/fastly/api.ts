import { CliError } from '../base/cli-error.ts';
import { type Outcome, sendWithRetry } from '../base/retry.ts';
import { credentialUrl } from '../base/safe-url.ts';
import type { World } from '../base/world.ts';

export interface FastlyApi {
  readonly base: string;
  send(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Outcome>;
}

/**
 * Fastly's API with the caller's token.
 *
 * @throws {CliError} CLI_CONFIG where FASTLY_API_TOKEN is not set.
 */
export function fastlyApi(world: World): FastlyApi {
  const endpoint = credentialUrl(
    world.env.FASTLY_API_ENDPOINT || 'https://api.fastly.com',
    'FASTLY_API_ENDPOINT',
  );
  const base = endpoint.href.replace(/\/+$/, '');
  const token = world.env.FASTLY_API_TOKEN?.trim();
  if (!token) {
    throw new CliError(
      'CLI_CONFIG',
      'FASTLY_API_TOKEN is not set.',
      'Create a token that may write the KV Store and purge, or use --local for the local service.',
    );
  }
  return {
    base,
    send: (method, path, headers = {}, body) =>
      sendWithRetry(world, `${base}${path}`, {
        method,
        headers: { accept: 'application/json', ...headers, 'fastly-key': token },
        body: body ?? null,
      }),
  };
}

/**
 * The body of a 2xx.
 *
 * @throws {CliError} CLI_UNREACHABLE, CLI_REFUSED, CLI_FAILED.
 */
export function succeeded(outcome: Outcome, what: string): string {
  if (outcome.kind === 'unreachable') {
    throw new CliError(
      'CLI_UNREACHABLE',
      `${what}: ${outcome.reason}.`,
      'Try again; nothing after this step was done.',
    );
  }
  if (outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300) return outcome.body;
  if (outcome.status === 401 || outcome.status === 403) {
    throw new CliError(
      'CLI_REFUSED',
      `${what}: the credential was refused.`,
      'Check the token and what it may do.',
    );
  }
  throw new CliError(
    'CLI_FAILED',
    `${what}: status ${outcome.status}.`,
    'Try again; nothing after this step was done.',
  );
}
