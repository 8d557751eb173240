import * as v from 'valibot';
import type { Glob } from '../../http/name-pattern.ts';
import { compileGlob, isPattern } from '../name-patterns.ts';
import { cookieName, flag, has, headerName, list, matching, object, oneOf, text } from '../settings.ts';
import { type CookieFormatInput, compilePacked, cookieFormat, type PackedCookie } from './cookie-formats.ts';

/**
 * Where a token is in a request.
 * - `{ header: 'authorization', scheme: 'Bearer' }`: the scheme is matched without case.
 * - `{ header: 'x-session-token' }`: the whole field value is the token.
 * - `{ cookie: 'session' }`: the cookie of exactly that name; `{ cookie: 'sb-*-auth-token' }`: the one cookie that the pattern means.
 *   `format`: how the token is kept in it, where the cookie is not the token itself, or is cut into chunks.
 * - `{ query: 'token' }`: a parameter of the query, by exactly that name. On no route is it part of a key, of a redirect or of what an origin
 *   gets, in whatever spelling: choose a name that no page has another use for. `forward: true`: the origin of a route with a scope
 *   gets it again once it has verified, not with a shield. Own handlers see it only in `context.request`. Refused: a route or
 *   `ignoreQuery` that names the parameter, and `query: 'verbatim'`. Another spelling (encoded, after a `;`, with blanks, `token[]`), the
 *   parameter twice, or another credential of the scope beside it is a 401. docs/concepts/identity.md#tokens-in-the-query
 */
export type CredentialInput =
  | { readonly header: string; readonly scheme?: string }
  | { readonly cookie: string; readonly format?: CookieFormatInput }
  | { readonly query: string; readonly forward?: boolean };

/** Where a credential stood in a request. */
export type CredentialSource =
  | { readonly kind: 'header'; readonly name: string; readonly scheme: string | null }
  | { readonly kind: 'cookie'; readonly name: string }
  /** Cookies that are one credential: a whole one, or chunks in their order. `name`: without the number of a chunk. */
  | { readonly kind: 'cookies'; readonly name: string; readonly names: readonly string[] }
  | QueryPlace;

interface QueryPlace {
  readonly kind: 'query';
  readonly name: string;
  /** The origin gets what has verified. */
  readonly forward: boolean;
}

/** Where a credential may stand: in a place, or in the one cookie whose name a pattern means. */
export type SearchedSource =
  | Exclude<CredentialSource, { kind: 'cookies' }>
  | PackedCookie
  | { readonly kind: 'cookiePattern'; readonly pattern: string; readonly glob: Glob };

/** Where tokens stand if a provider does not say so. */
export const BEARER: readonly CredentialInput[] = [{ header: 'authorization', scheme: 'Bearer' }];

/** Characters that no reader changes: a dot, say, PHP takes for `_`. */
const queryName = matching(
  /^[A-Za-z][A-Za-z0-9_-]*$/,
  'Expected the name of a parameter, of letters, digits, "_" and "-", such as "access_token".',
);

export const credentials = list(
  oneOf(
    'Expected { header, scheme? }, { cookie, format? } or { query }, such as { header: "authorization", scheme: "Bearer" } or { cookie: "session" }.',
    [has('header'), object({ header: headerName, scheme: v.optional(text) })],
    [has('cookie'), object({ cookie: cookieName, format: v.optional(cookieFormat) })],
    [has('query'), object({ query: queryName, forward: v.optional(flag) })],
  ),
  '[{ cookie: "session" }]',
  { atLeast: 1 },
);

/** `isEncrypted`: the sessions of Auth.js, which takes every cookie for a chunk whose name begins so. */
export function compileCredentials(
  input: readonly CredentialInput[] = BEARER,
  isEncrypted = false,
): readonly SearchedSource[] {
  return input.map((source) => {
    if ('query' in source) return { kind: 'query', name: source.query, forward: source.forward ?? false };
    if ('header' in source)
      return {
        kind: 'header',
        name: source.header.toLowerCase(),
        scheme: source.scheme?.toLowerCase() ?? null,
      };
    const { cookie, format } = source;
    return format === undefined ? compileCookie(cookie) : compilePacked(cookie, format, isEncrypted);
  });
}

/** One cookie, by its name or by a pattern. */
export function compileCookie(name: string) {
  return isPattern(name)
    ? ({ kind: 'cookiePattern', pattern: name, glob: compileGlob(name) } as const)
    : ({ kind: 'cookie', name } as const);
}
