import * as v from 'valibot';
import type { Glob } from '../../http/name-pattern.ts';
import { compileGlob, isPattern } from '../name-patterns.ts';
import { cookieName, has, headerName, list, object, oneOf, text } from '../settings.ts';

/**
 * Where a token stands in a request.
 * - `{ header: 'authorization', scheme: 'Bearer' }`: the scheme is matched without case.
 * - `{ header: 'x-session-token' }`: the whole field value is the token.
 * - `{ cookie: 'session' }`: the cookie of exactly that name; `{ cookie: 'sb-*-auth-token' }`: the one cookie that the pattern means.
 */
export type CredentialInput =
  | { readonly header: string; readonly scheme?: string }
  | { readonly cookie: string };

/** Where a credential stood in a request. */
export type CredentialSource =
  | { readonly kind: 'header'; readonly name: string; readonly scheme: string | null }
  | { readonly kind: 'cookie'; readonly name: string };

/** Where a credential may stand: in a place, or in the one cookie whose name a pattern means. */
export type SearchedSource =
  | CredentialSource
  | { readonly kind: 'cookiePattern'; readonly pattern: string; readonly glob: Glob };

/** Where tokens stand if a provider does not say so. */
export const BEARER: readonly CredentialInput[] = [{ header: 'authorization', scheme: 'Bearer' }];

export const credentials = list(
  oneOf(
    'Expected { header, scheme? } or { cookie }, such as { header: "authorization", scheme: "Bearer" } or { cookie: "session" }.',
    [has('header'), object({ header: headerName, scheme: v.optional(text) })],
    [has('cookie'), object({ cookie: cookieName })],
  ),
  '[{ cookie: "session" }]',
  { atLeast: 1 },
);

export function compileCredentials(input: readonly CredentialInput[] = BEARER): readonly SearchedSource[] {
  return input.map((source) =>
    'cookie' in source
      ? compileCookie(source.cookie)
      : { kind: 'header', name: source.header.toLowerCase(), scheme: source.scheme?.toLowerCase() ?? null },
  );
}

/** One cookie, by its name or by a pattern. */
export function compileCookie(name: string) {
  return isPattern(name)
    ? ({ kind: 'cookiePattern', pattern: name, glob: compileGlob(name) } as const)
    : ({ kind: 'cookie', name } as const);
}
