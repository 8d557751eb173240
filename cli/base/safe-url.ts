import { CliError } from './cli-error.ts';

/** Host names that never leave the machine. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

/**
 * A URL that a credential may be sent to: https, or http on this machine.
 *
 * @throws {CliError} CLI_USAGE.
 */
export function credentialUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new CliError(
      'CLI_USAGE',
      `${what} is not a URL.`,
      'Write it with its scheme: https://www.example.com',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new CliError(
      'CLI_USAGE',
      `${what} has a user name or password in it.`,
      'Leave them out of the URL.',
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new CliError(
      'CLI_USAGE',
      `${what} is plain http on another machine: the token would travel unencrypted.`,
      'Use https.',
    );
  }
  return url;
}
