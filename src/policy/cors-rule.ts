import * as v from 'valibot';
import type { Report } from './policy-error.ts';
import { corsHeader, flag, headerName, isList, list, matching, object, oneOf, seconds } from './settings.ts';

/**
 * Which web applications of other origins may read responses. Applied at the edge, on every response, errors too. Preflights are answered
 * at the edge, what the origin says of CORS is removed, and `Origin` splits no entry.
 */
export interface CorsInput {
  /** Exact origins, or all below a domain: `['https://app.example.com', 'https://*.example.com']`; or `'*'`, which excludes `credentials`. */
  readonly origins: '*' | readonly string[];
  /** In addition to GET, HEAD and POST: `['PUT', 'DELETE']`. */
  readonly methods?: readonly string[];
  /** Request headers that an application may set: `['authorization', 'content-type']`. `['*']`, without `credentials`: any. */
  readonly headers?: readonly string[];
  /** Response headers that it may read in addition to the safelisted ones. `['*']`, without `credentials`: any. */
  readonly exposeHeaders?: readonly string[];
  /** Cookies and `Authorization` may be sent along. Default `false`. */
  readonly credentials?: boolean;
  /** How long a browser keeps the response to a preflight. Default 600. */
  readonly maxAgeSeconds?: number;
}

export interface CorsRule {
  /** `*`: without credentials. */
  readonly anyOrigin: boolean;
  /** Lower case: `https://app.example.com`, `https://*.example.com`. */
  readonly origins: readonly string[];
  /** Beside GET, HEAD and POST. */
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

/** Of a page, as `Origin` names it. */
export const webOrigin = matching(
  /^https?:\/\/(?:\*\.)?[a-z0-9][a-z0-9.-]*(?::\d+)?$/i,
  'Expected an origin, without a path: "https://app.example.com" or "https://*.example.com".',
);

export const cors = object({
  origins: oneOf(
    'Expected "*" or a list of origins, such as ["https://app.example.com"].',
    [(input) => input === '*', v.literal('*')],
    [isList, list(webOrigin, '["https://app.example.com"]', { atLeast: 1 })],
  ),
  methods: v.optional(list(headerName, '["PUT", "DELETE"]')),
  headers: v.optional(list(corsHeader, '["authorization", "content-type"]')),
  exposeHeaders: v.optional(list(corsHeader, '["x-request-id"]')),
  credentials: v.optional(flag),
  maxAgeSeconds: v.optional(seconds),
});

/** What is wrong with it. */
export function corsProblems(input: CorsInput | undefined, report: Report): void {
  if (input === undefined) return;
  const { origins, credentials, headers, exposeHeaders } = input;
  for (const [setting, named] of Object.entries({ headers, exposeHeaders })) {
    if (!credentials || !named?.includes('*')) continue;
    const fix = 'With credentials a browser takes * for the name of a field: name each field.';
    report('POLICY_CONFLICT', `cors.${setting}`, '*', fix);
  }
  if (origins === '*') {
    if (!credentials) return;
    const fix = 'Every site could read what its visitors may: name the origins.';
    report('POLICY_UNSAFE', 'cors.credentials', true, fix);
    return;
  }
  webOriginProblems('cors.origins', origins, report);
}

/** What is wrong with a list of pages' origins. */
export function webOriginProblems(at: string, origins: readonly string[], report: Report): void {
  for (const [i, one] of origins.entries()) {
    if (!/^https?:\/\/\*\.(?!localhost\b)[^.]+$/i.test(one)) continue;
    const fix = 'Anybody can have a name under a top-level domain: name your own, https://*.example.com.';
    report('POLICY_UNSAFE', `${at}.${i}`, one, fix);
  }
}

export function compileCors(input: CorsInput | undefined): CorsRule | null {
  if (input === undefined) return null;
  return {
    anyOrigin: input.origins === '*',
    origins: input.origins === '*' ? [] : input.origins.map(serialisedOrigin),
    methods: (input.methods ?? []).map((method) => method.toUpperCase()),
    headers: input.headers ?? [],
    exposeHeaders: input.exposeHeaders ?? [],
    credentials: input.credentials ?? false,
    maxAgeSeconds: input.maxAgeSeconds ?? 600,
  };
}

/** As a browser writes it: in lower case, without the port that the scheme has anyway. */
export function serialisedOrigin(origin: string): string {
  return origin.toLowerCase().replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2');
}
