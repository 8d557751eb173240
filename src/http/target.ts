import { decodePercent } from './percent.ts';

/** Path and query of a request. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** An honest path is not encoded as often. */
const MAX_ENCODINGS = 6;
/** Characters that Unicode makes into one of `/ \ . % ;`. */
const COMPATIBLE =
  /[\u037e\u2024-\u2026\u2100\u2101\u2105\u2106\u2488-\u249b\u33c2\u33c7\u33d8\ufe14\ufe19\ufe30\ufe52\ufe54\ufe68\ufe6a\uff05\uff0e\uff0f\uff1b\uff3c]|\u{1f100}/u;

/** Splits an absolute URL without normalising it, which `new URL` would do (`/a/../b` becomes `/b`). */
export function splitTarget(url: string): Target {
  const afterScheme = url.indexOf('://');
  const rest = afterScheme < 0 ? url : fromPath(url.slice(afterScheme + 3));
  const hash = rest.indexOf('#');
  const target = hash < 0 ? rest : rest.slice(0, hash);
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, query: mark < 0 ? '' : target.slice(mark + 1) };
}

/** Host and port of an absolute URL, as they came. */
export function authorityOf(url: string): string {
  return /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
}

/** What stands behind the authority. */
function fromPath(url: string): string {
  const start = url.search(/[/?#\\]/);
  return start < 0 ? '' : url.slice(start);
}

const PLAIN_PATH = /^(?:\/[A-Za-z0-9_~!$&'()*+,=:@-][A-Za-z0-9._~!$&'()*+,=:@-]*)*\/?$/;
/** A segment of dots, or of dots and what somebody would cut off. */
const DOT_SEGMENT = /(?:^|[/\\])\.{1,2}(?:[;\s?#\0/\\]|$)/;
const ENCODED_TROUBLE = /%(?:2f|5c|2e|25|3b|0[0-9a-f]|1[0-9a-f]|7f)|%(?![0-9a-f]{2})/i;

/**
 * Whether somebody on the way would resolve this path to another one, and the path that was judged would not be the one that is requested: dot segments in any
 * spelling (`/a/%2e%2e/b`, `/a/..;/b`, `/a/..%2fb`), and backslashes, which `fetch` itself takes for slashes.
 */
export function isResolved(path: string): boolean {
  if (path.includes('\\')) return true;
  // Some stacks decode once in the proxy and once more in the application.
  let text = path;
  for (let i = 0; text.includes('%'); i++) {
    const decoded = decodePercent(text);
    if (decoded === text) break;
    if (i === MAX_ENCODINGS) return true;
    text = decoded;
  }
  return DOT_SEGMENT.test(text);
}

/**
 * Whether a path normaliser and an origin could read this path differently: encoded slashes, backslashes, dots or
 * percent signs, empty segments, `;` parameters, control characters, broken escapes, bytes that are no UTF-8, and
 * characters that Unicode takes for one of these. Such a target is never cached.
 */
export function isAmbiguous(path: string): boolean {
  if (PLAIN_PATH.test(path)) return false;
  if (ENCODED_TROUBLE.test(path)) return true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\\;\u0000-\u0020\u007f-\uffff]|\/\//.test(path) || /\/\.{1,2}(?:\/|$)/.test(path)) return true;
  return /%[89a-f]/i.test(path) && !isPlainText(path);
}

function isPlainText(path: string): boolean {
  try {
    return !COMPATIBLE.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}
