import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import { BEARER } from '../providers/credential-sources.ts';
import type { ProvidersInput } from '../providers/provider.ts';
import type { ScopesInput } from '../scopes/scope.ts';
import { list, matching } from '../settings.ts';

/** Schemes of `Authorization` that are not for this service. */
export interface OtherSchemesInput {
  /**
   * Schemes of `Authorization` that another server verifies, such as the password of a staging site: `['Basic']`, without case. The credential
   * of the scope is then in another place, such as a cookie. A request with such a header is verified and passes, and its origin gets the
   * header. It is never served from the cache: docs/concepts/identity.md#basic-authentication
   */
  readonly otherSchemes?: readonly string[];
}

export const otherSchemes = {
  otherSchemes: v.optional(
    list(
      matching(/^[!#$%&'+.^_`|~0-9A-Za-z-]+$/, 'Expected the name of a scheme, such as "Basic".'),
      '["Basic"]',
      { atMost: 8 },
    ),
  ),
};

/** One for all routes: the compiled policy has it once. */
const NONE: readonly string[] = [];

/** A scheme cannot be ours and somebody else's. */
export function otherSchemeProblems(
  policy: { readonly providers?: ProvidersInput; readonly scopes?: ScopesInput },
  at: string,
  route: OtherSchemesInput & { readonly scope?: string },
  report: Report,
): void {
  const scope = route.scope === undefined ? undefined : policy.scopes?.[route.scope];
  const names = scope?.providers ?? Object.keys(policy.providers ?? {});
  const own = new Set(
    names.flatMap((name) =>
      (policy.providers?.[name]?.credentials ?? BEARER).flatMap((place) =>
        'header' in place && place.header.toLowerCase() === 'authorization'
          ? [place.scheme?.toLowerCase()]
          : [],
      ),
    ),
  );
  for (const [i, scheme] of (route.otherSchemes ?? []).entries()) {
    if (!own.has(scheme.toLowerCase())) continue;
    const fix = 'A provider of this scope looks for its tokens behind this scheme: remove it here.';
    report('POLICY_CONFLICT', `${at}.otherSchemes.${i}`, scheme, fix);
  }
}

export function compileOtherSchemes({ otherSchemes = [] }: OtherSchemesInput): readonly string[] {
  return otherSchemes.length === 0 ? NONE : [...new Set(otherSchemes.map((scheme) => scheme.toLowerCase()))];
}
