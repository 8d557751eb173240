import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import { type BadTokenLimitInput, compileRate, type RateRule, rateLimit } from '../rate-limits.ts';
import {
  backendName,
  choice,
  cookieName,
  matching,
  millisecondsUpTo,
  object,
  secondsUpTo,
  text,
} from '../settings.ts';
import { type StoresInput, secretStoreOf } from '../stores.ts';
import { isTrustedUrl } from './trusted-url.ts';

/**
 * What sessions and introspected tokens have in common: how often the endpoint is asked, and for how long the response counts. The edge forgets it
 * when a response sets or deletes that cookie (login, logout, renewal); after a write with that cookie, unless the origin answers 4xx; and when
 * the person is purged by a scope of one person.
 */
export interface LookupInput {
  /** Name of the backend in fastly.toml that is asked. */
  readonly backend: string;
  /**
   * How long a response is remembered in the edge cache. Default 60, at most 300; never longer than its `exp` or the `max-age` of its
   * `Cache-Control`. With `no-store`, `no-cache` or `max-age=0` each request asks again.
   */
  readonly ttlSeconds?: number;
  /** How long it is remembered that a credential is unknown. Default 10, at most 60. */
  readonly refusedSeconds?: number;
  /** Then the request gets 503. Default 2000, at most 10000. */
  readonly timeoutMs?: number;
  /**
   * Unknown credentials of one client within the window; then its unknown ones get 429. Default: 60 in 60 seconds,
   * blocked for 1 minute, in `claimcache_sessions` and `claimcache_session_box`.
   */
  readonly limit?: BadTokenLimitInput;
}

/** The origin's own session: it is asked "who is this?" with that cookie alone. docs/how-to/sessions.md */
export interface SessionInput extends LookupInput {
  /** The session cookie, by its name or by a pattern: `_session_id`, `wordpress_logged_in_*`. Not one of `cms.cookies` or of another provider. */
  readonly cookie: string;
  /** The endpoint that responds with the claims, as JSON: `/edge/whoami`. */
  readonly path: string;
  /** The `Host` it is asked by. Default: `hostHeader` of the origin with that backend, else the first of `hosts`. */
  readonly host?: string;
}

/** Token introspection (RFC 7662): the issuer is asked about each token. docs/how-to/sessions.md */
export interface IntrospectionInput extends LookupInput {
  /** The introspection endpoint. HTTPS, except on this machine. */
  readonly url: string;
  /** What the edge proves itself with to the endpoint. The secret is an item of the Secret Store. */
  readonly client: {
    readonly id: string;
    readonly item: string;
    readonly secretStore?: string;
    /** `basic` (default): by `Authorization: Basic`; `post`: in the body (RFC 6749 section 2.3.1). */
    readonly method?: 'basic' | 'post';
  };
}

/** Whom to ask about a credential that says nothing by itself. */
export interface LookupRule {
  readonly kind: 'session' | 'introspection';
  readonly backend: string;
  readonly url: string;
  /** null: of a session. */
  readonly client: {
    readonly id: string;
    readonly store: string;
    readonly item: string;
    readonly method: 'basic' | 'post';
  } | null;
  readonly ttlSeconds: number;
  readonly refusedSeconds: number;
  readonly timeoutMs: number;
  readonly limit: RateRule;
}

const lookup = {
  backend: backendName,
  ttlSeconds: v.optional(secondsUpTo(300)),
  refusedSeconds: v.optional(secondsUpTo(60)),
  timeoutMs: v.optional(millisecondsUpTo(10_000)),
  limit: v.optional(rateLimit),
};

export const session = object({
  cookie: cookieName,
  path: matching(
    /^\/[!$&'()*+,;=:@._~%/?0-9A-Za-z-]*$/,
    'Expected a path that begins with /, such as "/edge/whoami".',
  ),
  host: v.optional(
    matching(
      /^[A-Za-z0-9.-]+(?::\d{1,5})?$/,
      'Expected a host name without scheme, such as "www.example.com".',
    ),
  ),
  ...lookup,
});

export const introspection = object({
  url: text,
  client: object({
    id: text,
    item: text,
    secretStore: v.optional(text),
    method: v.optional(choice('basic', 'post')),
  }),
  ...lookup,
});

/** What of the policy says by which host an origin is asked. */
export interface Surroundings {
  readonly origins: Readonly<Record<string, { readonly backend: string; readonly hostHeader?: string }>>;
  readonly hosts?: readonly string[];
  readonly stores?: StoresInput;
}

function hostOf({ host, backend }: SessionInput, { origins, hosts }: Surroundings): string | undefined {
  const origin = Object.values(origins).find(
    (one) => one.backend === backend && one.hostHeader !== undefined,
  );
  return host ?? origin?.hostHeader ?? hosts?.[0];
}

export function sessionProblems(at: string, input: SessionInput, policy: Surroundings, report: Report): void {
  if (hostOf(input, policy) !== undefined) return;
  const fix =
    'Nothing of a request is sent on but the cookie, its Host neither: say by which host the origin is asked, such as host: "www.example.com".';
  report('POLICY_SHAPE', `${at}.session.host`, input.host, fix);
}

export function introspectionProblems(at: string, { url }: IntrospectionInput, report: Report): void {
  if (isTrustedUrl(url)) return;
  const fix = 'Expected an https: URL without user and query (http: only on 127.0.0.1 or localhost).';
  report('POLICY_KEY', `${at}.introspection.url`, url, fix);
}

export function compileSession(input: SessionInput, policy: Surroundings): LookupRule {
  const url = `https://${hostOf(input, policy) ?? 'localhost'}${input.path}`;
  return { kind: 'session', url, client: null, ...common(input) };
}

export function compileIntrospection(
  { client, url, ...input }: IntrospectionInput,
  { stores }: Pick<Surroundings, 'stores'>,
): LookupRule {
  return {
    kind: 'introspection',
    url,
    client: {
      id: client.id,
      store: client.secretStore ?? secretStoreOf(stores),
      item: client.item,
      method: client.method ?? 'basic',
    },
    ...common(input),
  };
}

function common(input: LookupInput) {
  return {
    backend: input.backend,
    ttlSeconds: input.ttlSeconds ?? 60,
    refusedSeconds: input.refusedSeconds ?? 10,
    timeoutMs: input.timeoutMs ?? 2000,
    limit: compileRate(input.limit ?? { count: 60 }, {
      blockMinutes: 1,
      rateCounter: 'claimcache_sessions',
      penaltyBox: 'claimcache_session_box',
    }),
  };
}
