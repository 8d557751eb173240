import * as v from 'valibot';
import type { NamePatterns } from '../../http/name-pattern.ts';
import { normalPattern } from '../../paths/normal-pattern.ts';
import { compileNames } from '../name-patterns.ts';
import { flag, headerName, list, matching, object, path } from '../settings.ts';
import {
  type CmsCookieInput,
  cmsCookie,
  cmsCookieName,
  compileSession,
  type KnownIdentities,
  type SessionRule,
} from './session-cookie.ts';

/** Who is an editor: their traffic passes, and is never cached. Presets: `claimcache/cms`. docs/how-to/editors-and-previews.md */
export interface CmsInput {
  /**
   * Session cookies, by name or pattern: `wordpress_logged_in_*`. A name alone: every request with that cookie passes. With a provider or an
   * HMAC, a cookie that does not validate is removed, and the request goes on without it: docs/how-to/origins.md#limit-requests-that-pass
   */
  readonly cookies?: readonly (string | CmsCookieInput)[];
  /** Path patterns that always pass. */
  readonly paths?: readonly string[];
  /**
   * Query parameters of previews, by name or pattern: `preview`, `_storyblok*`. A request with one passes, in every spelling: encoded,
   * repeated, in upper or lower case, as `preview[x]`, after a `;`.
   */
  readonly query?: readonly string[];
  /** Request headers of previews, by their exact names: `x-preview`. A request with one passes, whatever its value. Not common fields (`accept`, `cookie`), nor those that the key uses (`vary`, parts of scopes, credentials). */
  readonly headers?: readonly string[];
  /** A request with `Authorization` that no scope claims. `true` (default): it passes; `false`: a Bearer token is dropped there. */
  readonly bearer?: boolean;
}

export interface Cms {
  readonly cookies: NamePatterns;
  readonly paths: readonly string[];
  /** null: none. */
  readonly query: NamePatterns | null;
  /** Lower case. */
  readonly headers: readonly string[];
  readonly bearer: boolean;
  /** The cookies that have to validate, by name or pattern. */
  readonly sessions: ReadonlyMap<string, SessionRule>;
}

const parameter = matching(
  /^(?!\*+$)[^&;=#]+$/,
  'Expected the name of a query parameter, or a pattern of names that is not * alone: "preview", "_storyblok*".',
);

export const cms = object({
  cookies: v.optional(list(cmsCookie, '["wp_session_*"]')),
  paths: v.optional(list(path, '["/preview/**"]')),
  query: v.optional(list(parameter, '["preview", "_storyblok*"]', { atLeast: 1 })),
  headers: v.optional(list(headerName, '["x-preview"]', { atLeast: 1 })),
  bearer: v.optional(flag),
});

export function compileCms(
  { cookies = [], paths = [], query = [], headers = [], bearer = true }: CmsInput = {},
  known: KnownIdentities,
): Cms {
  return {
    cookies: compileNames(cookies.map(cmsCookieName)),
    paths: paths.map(normalPattern),
    query: query.length === 0 ? null : compileNames(query),
    headers: [...new Set(headers.map((header) => header.toLowerCase()))],
    bearer,
    sessions: new Map(
      cookies.flatMap((cookie) =>
        typeof cookie === 'string' ? [] : [[cookie.name, compileSession(cookie, known)]],
      ),
    ),
  };
}
