/** The shape of what a policy says of origins, and of who may reach them. See `input.ts`. */

import type { ClaimValueInput } from './providers/provider.ts';

/** One backend of fastly.toml and which requests it serves. */
export interface OriginInput {
  /** The backend's name in fastly.toml. */
  readonly backend: string;
  /** Path patterns that this origin serves. Default: everything no other origin claims. */
  readonly paths?: readonly string[];
  /** The `Host` sent to the origin. Default: the request's own. */
  readonly hostHeader?: string;
  /** Hosts that this origin serves. Default: any. */
  readonly hosts?: readonly string[];
  /**
   * A locked origin: a header with a secret from the Secret Store, on every request to it, never let through from a client.
   * `{ header: 'x-origin-secret', item: 'origin_secret' }`. Where the secret cannot be had, the origin is not asked (502).
   */
  readonly lock?: { readonly header: string; readonly item: string; readonly secretStore?: string };
  /** Instead of `limits.firstByteTimeoutMs`: for an origin that is slower, or has to be quicker, than the others. */
  readonly firstByteTimeoutMs?: number;
  /** A second pass of this service stands before the origin: docs/shielding.md. Needs the secret `shield_key`. */
  readonly shield?: ShieldInput;
}

/**
 * - `{ site: 'pdx-or-us' }`: a shield location of Fastly, by its code.
 * - `{ backend: 'shield' }`: a backend behind which this service runs once more, with the same policy and secrets.
 */
export type ShieldInput = { readonly site: string } | { readonly backend: string };

/** How an origin learns a client's address. Inbound headers of these names are removed on every lane. */
export interface ClientAddressInput {
  /**
   * Set on the pass lane to the one address that the edge saw: `['x-forwarded-for', 'x-real-ip']`. `forwarded` is written as
   * RFC 7239 asks. A cacheable lane sends none: the address is not part of the key.
   */
  readonly headers: readonly string[];
}

/**
 * Clients that pass too often get 429 (Fastly's edge rate limiter). Counted: passes that anybody can ask for. Not counted: a
 * verified identity, an editor whose cookie was validated, and what a switch made to pass.
 */
export interface PassLimitInput {
  /** Passes of one client within the window. */
  readonly count: number;
  /** Default 60. */
  readonly windowSeconds?: 1 | 10 | 60;
  /** How long the client stays out. Default 1. */
  readonly blockMinutes?: number;
  /** Names of the service's rate counter and penalty box. Defaults `claimcache_passes`, `claimcache_pass_box`. */
  readonly rateCounter?: string;
  readonly penaltyBox?: string;
}

/**
 * - `{ html: '<!doctype html>…' }`: the page itself, part of the build.
 * - `{ path: '/sorry.html' }`: a public page of an origin, taken from the edge cache where it is there. Best one of an origin
 *   that does not burn with the others.
 */
export type FallbackPageInput = { readonly html: string } | { readonly path: string };

/** Who is an editor: their traffic passes, and is never cached. */
export interface CmsInput {
  /**
   * Session cookies, by name or pattern: `wordpress_logged_in_*`. A name alone: whoever sends the cookie passes. With a provider or an
   * HMAC, a cookie that does not validate is removed, and the request goes on without it.
   */
  readonly cookies?: readonly (string | CmsCookieInput)[];
  /** Path patterns that always pass. */
  readonly paths?: readonly string[];
  /** `true` (default): a request with `Authorization` that no scope claims passes. */
  readonly bearer?: boolean;
}

/**
 * - `provider`: the cookie is a JWT of that provider; `requiredClaims` as in a scope: `{ role: 'editor' }`.
 * - `hmac`: the cookie is `<text>.<HMAC-SHA256 of "<name>=<text>">`, base64url or hex, keyed with an item of the Secret Store. The name is
 *   signed too, so that no other cookie of the application can stand in. `expires: true`: the text ends with `.<unix seconds>`.
 *   `covers: 'text'`: a signature of the text alone counts as well, while your back end changes over. `prefix`: the text begins with that.
 *   `format: 'express'`: as cookie-parser signs it, `s:<text>.<base64>`. It never signs the name: write `covers: 'text'`, and give these
 *   cookies a `prefix`, or a secret of their own.
 */
export type CmsCookieInput =
  | {
      readonly name: string;
      readonly provider: string;
      readonly requiredClaims?: Readonly<Record<string, true | ClaimValueInput | readonly ClaimValueInput[]>>;
    }
  | {
      readonly name: string;
      readonly hmac: {
        readonly item: string;
        readonly secretStore?: string;
        readonly format?: 'plain' | 'express';
        readonly expires?: boolean;
        readonly covers?: 'name' | 'text';
        readonly prefix?: string;
      };
    };
