import { CliError } from '../base/cli-error.ts';

/** The method and the target of the two arguments, or of the target alone. */
export function readTarget(first: string, second: string | undefined): { method: string; target: string } {
  const [method, target] = second === undefined ? ['GET', first] : [first, second];
  if (/^(?:\/|https?:\/\/[^/?#])/i.test(target)) return { method, target };
  throw new CliError(
    'CLI_USAGE',
    'The target is neither a path nor a URL.',
    'claimcache explain GET /api/orders, or GET https://www.example.com/api/orders',
  );
}

/**
 * `Name: value` pairs as headers, and cookies joined as a browser joins them; a body is JSON unless they say otherwise.
 *
 * @throws {CliError} CLI_USAGE. No message quotes a value.
 */
export function readHeaders(
  pairs: readonly string[] = [],
  cookies: readonly string[] = [],
  option = '--header',
  body?: string,
): Headers {
  const headers = new Headers();
  for (const pair of pairs) {
    const colon = pair.indexOf(':');
    const name = pair.slice(0, Math.max(colon, 0)).trim();
    try {
      if (name === '') throw new TypeError('no name');
      headers.append(name, pair.slice(colon + 1).trim());
    } catch (cause) {
      throw new CliError('CLI_USAGE', `A ${option} cannot be read.`, `${option} "Name: value"`, { cause });
    }
  }
  if (cookies.some((cookie) => !cookie.includes('='))) {
    throw new CliError('CLI_USAGE', 'A --cookie has no value.', '--cookie name=value');
  }
  if (cookies.length > 0) {
    const before = headers.get('cookie');
    headers.set('cookie', [...(before === null ? [] : [before]), ...cookies].join('; '));
  }
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  return headers;
}

/** A moment: ISO 8601, or seconds since the epoch. @throws {CliError} CLI_USAGE */
export function readMoment(text: string): number {
  const ms = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new CliError(
    'CLI_USAGE',
    `--at ${text} is no moment.`,
    '2026-01-31T12:00:00Z, or seconds since 1970.',
  );
}
