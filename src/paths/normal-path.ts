import { replaceEach } from './each.ts';

/** What no path may hold as it is (the path percent-encode set of the URL standard): `fetch` would encode it on the way. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const RAW = /[\u0000-\u0020"#<>?^`{}\u007f-\u{10ffff}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const IS_NORMAL = /^[^\u0000-\u0020"#%<>?^`{}\u007f-\uffff]*$/;
/** An unreserved character that is encoded, or an escape that is not in upper case. */
const NOT_NORMAL = /%(?:2[DEde]|3\d|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee]|[a-f][0-9A-Fa-f]|[0-9A-F][a-f])/g;
const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/i;

/**
 * The one form in which a path is compared, kept and asked for (RFC 3986 section 6.2.2): percent-encoding in upper case,
 * unreserved characters decoded, what cannot stand in a path encoded, and nothing else. `/%61pi/%c3%bc` is `/api/%C3%BC`;
 * `@` and `%40` stay two paths. Beside a broken escape nothing is decoded: `%%341` would become `%41`.
 */
export function normalPath(path: string): string {
  if (IS_NORMAL.test(path)) return path;
  // A lone surrogate is no character.
  const encoded = replaceEach(path.replace(/[\ud800-\udfff]/gu, '\ufffd'), RAW, encodeURIComponent);
  if (BROKEN_ESCAPE.test(encoded)) return encoded;
  return replaceEach(encoded, NOT_NORMAL, (encodedByte) => {
    const char = String.fromCharCode(Number.parseInt(encodedByte.slice(1), 16));
    return /[\w.~-]/.test(char) ? char : encodedByte.toUpperCase();
  });
}
