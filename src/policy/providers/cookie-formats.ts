import type * as v from 'valibot';
import type { Glob } from '../../http/name-pattern.ts';
import type { ClaimPath } from '../claims/claim-path.ts';
import { type ClaimPathInput, claimPath, compileClaimPath } from '../claims/claim-path-setting.ts';
import { compileGlob } from '../name-patterns.ts';
import { choice, has, isText, object, oneOf } from '../settings.ts';

/**
 * How a token is kept in a cookie. Whichever it is, the text may be cut into chunks, `name.0`, `name.1`, …: 24 at most, and together
 * `limits.tokenBytes`. `session.sig` is not a chunk. A 401: a whole cookie beside chunks, two that match the pattern, one name with two values, a
 * missing or misnumbered chunk (`.01`), a JSON member twice.
 * - `'chunked'`: the text is the token.
 * - `'supabase'`: `base64-` and base64url of a JSON object, as `@supabase/ssr` keeps a session; its `access_token` is the token.
 * - `{ json: 'access_token' }`: a JSON object, as it is or percent-encoded, in which the token stands there; `session.token` leads into it.
 */
export type CookieFormatInput = 'chunked' | 'supabase' | { readonly json: ClaimPathInput };

/** What stands in the cookie, once its chunks are put together: the token, or a JSON object with the token at a path. */
export type CookieFormat =
  | { readonly kind: 'chunked' }
  | { readonly kind: 'json' | 'supabase'; readonly path: ClaimPath };

/** A cookie, by name or pattern, that is more than a token, or that comes in chunks. */
export interface PackedCookie {
  readonly kind: 'packedCookie';
  readonly pattern: string;
  readonly glob: Glob;
  readonly format: CookieFormat;
  /** What an origin may take for it or for a chunk of it. */
  readonly withheld: readonly Glob[];
}

export const cookieFormat = oneOf(
  'Expected "chunked", "supabase" or { json }, such as { json: "access_token" }.',
  [isText, choice('chunked', 'supabase')],
  [has('json'), object({ json: claimPath })],
) as v.GenericSchema<CookieFormatInput>;

export function compilePacked(
  cookie: string,
  format: CookieFormatInput,
  takesAllThatBeginSo: boolean,
): PackedCookie {
  return {
    kind: 'packedCookie',
    pattern: cookie,
    glob: compileGlob(cookie),
    format: compileFormat(format),
    withheld: [cookie, chunksOf(cookie, takesAllThatBeginSo)].map(compileGlob),
  };
}

/** The names of a cookie's chunks, as a pattern. */
export function chunksOf(cookie: string, takesAllThatBeginSo = false): string {
  return takesAllThatBeginSo ? `${cookie}*` : `${cookie}.*`;
}

function compileFormat(format: CookieFormatInput): CookieFormat {
  if (format === 'chunked') return { kind: 'chunked' };
  if (format === 'supabase') return { kind: 'supabase', path: ['access_token'] };
  return { kind: 'json', path: compileClaimPath(format.json) };
}
