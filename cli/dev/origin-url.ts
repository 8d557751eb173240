import { InvalidArgumentError } from 'commander';

/**
 * An address without a path: a backend has none.
 *
 * @throws {InvalidArgumentError}
 */
export function originUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('A URL with its scheme, such as http://localhost:3000.');
  if (url.username !== '' || url.password !== '')
    throw new InvalidArgumentError('Without a user name or password in it.');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError(`Without a path: ${url.origin}`);
  return url.origin;
}
