import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import type { ProvidersInput } from '../providers/provider.ts';
import { cgiName } from '../request-fields/cgi-name.ts';
import { isAddressHeader } from '../request-fields/client-address-names.ts';
import { takerOfHeader } from '../scopes/header-taker.ts';
import type { ScopesInput } from '../scopes/scope.ts';
import { ADDRESS_IS_NO_PART } from '../scopes/scope-parts.ts';
import { headerName, list } from '../settings.ts';

/**
 * By which request headers responses differ. These never count: `Cookie`, `Authorization`, `Accept-Encoding`, `Host`, the parts of the scope, address
 * headers, and `Origin` where `cors` applies.
 */
export interface VaryInput {
  /** Request headers that reach the origin on this route and are part of the cache key, such as `accept-language`. No credential, in any spelling. */
  readonly vary?: readonly string[];
  /**
   * Request headers that an origin names in `Vary` and that do not count here, with those of the policy's own `ignoreVary`. A
   * request with another one that is no part of `vary` is not served from the cache. `['user-agent']` docs/concepts/caching.md#vary
   */
  readonly ignoreVary?: readonly string[];
}

export const varyFields = v.optional(list(headerName, '["accept-language"]'));
export const vary = { vary: varyFields, ignoreVary: varyFields };

/** Headers that can never select a variant: credentials, framing, and what the edge itself answers. */
const NEVER_IN_VARY = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'range',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'accept-encoding',
]);

/** What is wrong with the fields by which a route's answers differ. */
export function varyProblems(
  at: string,
  { vary = [] }: VaryInput,
  policy: { readonly providers?: ProvidersInput; readonly scopes?: ScopesInput },
  report: Report,
): void {
  const refuse = (header: string, fix: string) => report('POLICY_UNSAFE', `${at}.vary`, header, fix);
  for (const header of vary) {
    const taker = takerOfHeader(policy, header);
    if (taker !== null) {
      const fix = `${taker} takes this header for a credential: what nobody has verified would be stored under it. Use a scope.`;
      refuse(header, fix);
    } else if (NEVER_IN_VARY.has(cgiName(header.toLowerCase()))) {
      const fix =
        'This header is a credential, framing, or handled by the edge: remove it. For credentials, use a scope.';
      refuse(header, fix);
    }
    if (isAddressHeader(header.toLowerCase())) refuse(header, ADDRESS_IS_NO_PART);
  }
}

export function compileVary({ vary = [] }: VaryInput): readonly string[] {
  return [...new Set(vary.map((header) => header.toLowerCase()))].sort();
}

/**
 * What a response's `Vary` may name without a consequence at the edge. Whose page it is the scope decides, and the host and the
 * encoding are part of what an entry is found by.
 */
const NEVER_COUNT = ['accept-encoding', 'authorization', 'cookie', 'host'];
/** What a GraphQL query is asked with is made by the edge. */
const OF_GRAPHQL = ['accept', 'content-type'];

/** Fields of a response's `Vary` that are part of the route's key, or that the policy ignores. */
export function compileKnownVary(
  {
    vary = [],
    cors = true,
    graphql,
    ignoreVary = [],
  }: VaryInput & { readonly cors?: boolean; readonly graphql?: unknown },
  credentialFields: readonly string[],
  policy: { readonly ignoreVary: readonly string[]; readonly answersCors: boolean },
): readonly string[] {
  const names = [
    ...NEVER_COUNT,
    ...credentialFields,
    ...vary,
    ...ignoreVary,
    ...policy.ignoreVary,
    ...(policy.answersCors && cors
      ? ['origin', 'access-control-request-method', 'access-control-request-headers']
      : []),
    ...(graphql ? OF_GRAPHQL : []),
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

/** Of these nearly every visitor sends a value of their own. */
const UNBOUNDED: Readonly<Record<string, readonly [variants: string, part: string] | null>> = {
  'accept-language': [
    "variants: { languages: ['en', 'de'] }",
    "the part { header: 'accept-language', values: ['en', 'de'] }",
  ],
  'user-agent': ['variants: { devices: true }', 'the part { device: true }'],
  'sec-ch-ua': ['variants: { devices: true }', 'the part { device: true }'],
  referer: null,
};

/** A field as it comes is compared byte by byte: an entry for each spelling. */
export function unboundedWarnings(
  at: string,
  { vary = [], scope }: VaryInput & { readonly scope?: string },
): readonly string[] {
  return vary.flatMap((name) => {
    const instead = UNBOUNDED[name.toLowerCase()];
    if (instead === undefined) return [];
    const fix =
      instead === null
        ? 'Remove it, or let the origin send such pages with no-store.'
        : `Write ${scope === undefined ? instead[0] : `${instead[1]} of the scope`}, which makes one of a few values of it.`;
    return [
      `${at}.vary: ${name} has a value of its own with nearly every visitor, and each value is an entry of its own: few requests will hit. ${fix}`,
    ];
  });
}

/** The origin says that its answers differ by it. */
export function varyWarnings(at: string, { ignoreVary = [] }: VaryInput): readonly string[] {
  return ignoreVary.map(
    (name) =>
      `${at}: an answer that the origin gave without ${name} is shared with everybody who sends one, whatever the origin makes of it.`,
  );
}
