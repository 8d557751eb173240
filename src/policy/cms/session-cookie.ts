import * as v from 'valibot';
import {
  compileRequiredClaims,
  type RequiredClaimsInput,
  requiredClaims,
} from '../claims/claim-requirements.ts';
import type { Provider } from '../providers/provider.ts';
import type { RevocationRule } from '../revocation-rule.ts';
import type { Scope } from '../scopes/scope.ts';
import { choice, cookieName, flag, has, isText, object, oneOf, text } from '../settings.ts';
import { type StoresInput, secretStoreOf } from '../stores.ts';

/**
 * - `provider`: the cookie is a JWT of that provider; `requiredClaims` as in a scope: `{ role: 'editor' }`.
 * - `hmac`: the cookie is `<text>.<HMAC-SHA256 of "<name>=<text>">`, base64url or hex, keyed with an item of the Secret Store. The name is
 *   signed too, so that no other cookie of the application can stand in. `expires: true`: the text ends with `.<unix seconds>`.
 *   `covers: 'text'`: a signature of the text alone counts as well, while your back end changes over: set it, sign the name too, wait until old
 *   cookies have ended, and remove it. `prefix`: the text begins with that.
 *   `format: 'express'`: as cookie-parser signs it, `s:<text>.<base64>`. It never signs the name: write `covers: 'text'`, and give these
 *   cookies a `prefix`, or a secret of their own.
 */
export type CmsCookieInput =
  | { readonly name: string; readonly provider: string; readonly requiredClaims?: RequiredClaimsInput }
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

/** What makes a CMS cookie count. */
export type SessionRule =
  /** A token: a scope without claims, whose provider looks into that cookie alone. */
  | {
      readonly kind: 'token';
      readonly scope: Scope;
      /** null: the policy has no revocation. */
      readonly revocation: RevocationRule | null;
    }
  | {
      readonly kind: 'hmac';
      /** Of the cookie. */
      readonly name: string;
      readonly store: string;
      readonly item: string;
      readonly format: 'plain' | 'express';
      /** The signed text ends with `.<unix seconds>`. */
      readonly expires: boolean;
      /** What was signed: `<name>=<text>`, or also the text alone. */
      readonly covers: 'name' | 'text';
      /** The text begins with that. */
      readonly prefix: string;
    };

const hmac = object({
  item: text,
  secretStore: v.optional(text),
  format: v.optional(choice('plain', 'express')),
  expires: v.optional(flag),
  covers: v.optional(choice('name', 'text')),
  prefix: v.optional(text),
});

export const cmsCookie = oneOf(
  'Expected the name of a cookie or a pattern, { name, provider, requiredClaims? } or { name, hmac }.',
  [isText, cookieName],
  [has('provider'), object({ name: cookieName, provider: text, requiredClaims: v.optional(requiredClaims) })],
  [has('hmac'), object({ name: cookieName, hmac })],
);

/** The name of an entry of `cms.cookies`. */
export function cmsCookieName(cookie: string | CmsCookieInput): string {
  return typeof cookie === 'string' ? cookie : cookie.name;
}

/** What of the compiled policy a session cookie needs. */
export interface KnownIdentities {
  readonly stores: StoresInput | undefined;
  readonly providers: readonly Provider[];
  readonly revocation: RevocationRule | null;
  readonly scopes: ReadonlyMap<string, Scope>;
}

export function compileSession(cookie: CmsCookieInput, known: KnownIdentities): SessionRule {
  const { name } = cookie;
  if ('hmac' in cookie) {
    const {
      item,
      secretStore,
      format = 'plain',
      expires = false,
      covers = 'name',
      prefix = '',
    } = cookie.hmac;
    const store = secretStore ?? secretStoreOf(known.stores);
    return { kind: 'hmac', name, store, item, format, expires, covers, prefix };
  }
  return {
    kind: 'token',
    revocation: known.revocation && revocationOf(cookie.provider, known.revocation, known.scopes),
    scope: {
      name: `cms:${name}`,
      claims: [],
      providers: known.providers
        .filter((provider) => provider.name === cookie.provider)
        .map((provider) => ({ ...provider, credentials: [{ kind: 'cookie', name }] })),
      shared: false,
      partScopes: [],
      parts: [],
      requiredClaims: compileRequiredClaims(cookie.requiredClaims),
      assertedBy: null,
    },
  };
}

/** A person whom one provider knows by a claim is another one to the next: asked are the scopes of this provider, and every `jti`. */
function revocationOf(
  provider: string,
  rule: RevocationRule,
  scopes: ReadonlyMap<string, Scope>,
): RevocationRule {
  const isOfProvider = ({ name }: { readonly name: string }) =>
    scopes.get(name)?.providers.some((other) => other.name === provider) ?? false;
  return { ...rule, scopes: rule.scopes.filter(isOfProvider) };
}
