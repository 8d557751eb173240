import type { ErrorCode } from '../errors.ts';
import { tokenCookie } from '../http/cookies.ts';
import { cookiesLike } from '../http/cookies-like.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { isOfOtherScheme } from '../http/other-scheme.ts';
import { trimOws } from '../http/trim.ts';
import type { PackedCookie } from '../policy/providers/cookie-formats.ts';
import type { CredentialSource, SearchedSource } from '../policy/providers/credential-sources.ts';
import type { Provider } from '../policy/providers/provider.ts';
import packedCookies from './token-cookies/packed-cookies.ts';

/** What a request brings for one provider. */
export type Credential =
  | {
      readonly kind: 'found';
      /** As it was sent. */
      readonly token: string;
      readonly credentialSource: CredentialSource;
      /** The cookie with a format that it is in, where it is in one. */
      readonly packed?: PackedCookie;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly code: ErrorCode };

/** What else of a request tokens may stand in, and what is none of ours. */
export interface AlsoSent {
  /** Tokens in the query, by the name of their parameter; null: there are several. */
  readonly queryTokens?: ReadonlyMap<string, string | null> | undefined;
  /** Schemes of `Authorization` that are somebody else's, lower case. */
  readonly otherSchemes?: readonly string[] | undefined;
}

export const NOTHING_ELSE: AlsoSent = {};

const MISSING: Credential = { kind: 'missing' };
const AMBIGUOUS = Symbol('ambiguous');

/** The token, null where the place is empty. */
type Found = string | null | typeof AMBIGUOUS;

/**
 * The first of the provider's places that holds a value.
 *
 * Two values in one place are ambiguous: the origin may read the other one. `Headers` joins two Authorization lines
 * by a comma, and no token contains one.
 *
 * A cookie that was sent twice with one value is one.
 *
 * @returns `invalid` with ERR_CREDENTIAL_AMBIGUOUS or ERR_TOKEN_MALFORMED (empty after its scheme, in chunks that do not fit, or longer than
 * `tokenBytes`).
 */
export function findCredential(
  headers: ReadonlyFields,
  cookies: ReadonlyMap<string, readonly string[]>,
  { credentials }: Pick<Provider, 'credentials'>,
  tokenBytes: number,
  also: AlsoSent = NOTHING_ELSE,
): Credential {
  for (let at = 0; at < credentials.length; at++) {
    let source = credentials[at] as SearchedSource | CredentialSource;
    let packed: PackedCookie | null = null;
    let found: Found;
    if (source.kind === 'packedCookie') {
      packed = source;
      const sent = packedCookies.find(cookies, packed);
      if (sent === 'malformed') return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
      if (sent === null) continue;
      if (sent === 'ambiguous') return { kind: 'invalid', code: 'ERR_CREDENTIAL_AMBIGUOUS' };
      found = sent.text;
      source = sent.source;
    } else if (source.kind === 'cookiePattern') {
      const like = cookiesLike(cookies, source.glob);
      const [name, value] = like[0] ?? ['', ''];
      found = value || null;
      // Two cookies that a pattern means are two credentials, as two of one name are that have two values.
      for (let i = 1; i < like.length; i++)
        if (like[i]?.[0] !== name || like[i]?.[1] !== value) found = AMBIGUOUS;
      // By its exact name, so that nothing else that the pattern means is taken for it later.
      source = { kind: 'cookie', name };
    } else if (source.kind === 'header') {
      found = fromHeader(headers, source, also);
    } else {
      const isQuery = source.kind === 'query';
      const value = isQuery ? also.queryTokens?.get(source.name) : tokenCookie(cookies, source.name);
      // A logout that sets the cookie to nothing leaves nobody behind, not somebody with a bad token.
      found = value === null ? AMBIGUOUS : value || null;
    }
    if (found === null) continue;
    if (found === AMBIGUOUS) return { kind: 'invalid', code: 'ERR_CREDENTIAL_AMBIGUOUS' };
    if (found === '' || found.length > tokenBytes) return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
    const base = { kind: 'found', token: found, credentialSource: source } as const;
    return packed === null ? base : { ...base, packed };
  }
  return MISSING;
}

function fromHeader(
  headers: ReadonlyFields,
  { name, scheme }: Extract<CredentialSource, { kind: 'header' }>,
  { otherSchemes }: AlsoSent,
): Found {
  const sent = headers.get(name);
  if (sent === null) return null;
  const value = trimOws(sent);
  if (value === '') return null;
  if (scheme === null) {
    if (name === 'authorization' && isOfOtherScheme(value, otherSchemes))
      return value.includes(',') ? AMBIGUOUS : null;
    return value.includes(',') ? AMBIGUOUS : value;
  }
  const end = endOfWord(value);
  if (value.slice(0, end).toLowerCase() !== scheme) {
    // Another scheme is somebody else's credential, unless ours hides in a second line: `Basic x, Bearer y`.
    return hasMember(value.toLowerCase(), `${scheme} `) ? AMBIGUOUS : null;
  }
  const token = trimOws(value.slice(end));
  return token.includes(',') ? AMBIGUOUS : token;
}

/** Where the first blank or tab stands, else the end. */
function endOfWord(text: string): number {
  const blank = text.indexOf(' ');
  const tab = text.indexOf('\t');
  if (blank < 0) return tab < 0 ? text.length : tab;
  return tab < 0 ? blank : Math.min(blank, tab);
}

/** Whether a member of a list begins like that. The list is not taken apart: it may have thousands of members. */
function hasMember(list: string, beginning: string): boolean {
  for (let at = list.indexOf(beginning); at >= 0; at = list.indexOf(beginning, at + beginning.length)) {
    let before = at - 1;
    while (before >= 0 && (list[before] === ' ' || list[before] === '\t')) before--;
    if (before < 0 || list[before] === ',') return true;
  }
  return false;
}
