import { cgiName, isPlain } from './cgi-name.ts';
import { isDangerous } from './dangerous-fields.ts';

/** Which fields of a client go any further, beside what holds for every policy. In lower case. */
export interface RequestFields {
  /** Exact names that are let in though they are dropped otherwise. */
  readonly allow: ReadonlySet<string>;
  /** Those that only the edge may set towards an origin, and those of the policy. */
  readonly drop: ReadonlySet<string>;
  readonly dropBeginnings: readonly string[];
}

/** Fields by which a client could steer the platform, the edge or the origin's trust in the edge: no policy lets one in. */
const CONTROL = /^(?:fastly-|surrogate-|x-claimcache-|x-auth-route$|cdn-cache-control$)/;
/** What nearly every request has, and nothing is wrong with. */
export const ORDINARY: ReadonlySet<string> = new Set([
  'host',
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'if-modified-since',
  'if-none-match',
  'origin',
  'pragma',
  'priority',
  'range',
  'referer',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'te',
  'upgrade-insecure-requests',
  'user-agent',
]);

/**
 * Whether a client's field goes any further. A name with anything but letters, digits and `-` does not: somebody would read another
 * name in it.
 *
 * @param name - In lower case.
 */
export function isLetIn(name: string, { allow, drop, dropBeginnings }: RequestFields): boolean {
  if (drop.has(name)) return false;
  if (dropBeginnings.length > 0 && dropBeginnings.some((beginning) => name.startsWith(beginning)))
    return false;
  if (ORDINARY.has(name)) return true;
  return allow.has(name) || (isPlain(name) && !CONTROL.test(name) && !isDangerous(name));
}

/** By whatever spelling. */
export function isControl(name: string): boolean {
  return CONTROL.test(cgiName(name));
}
