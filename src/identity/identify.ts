import type { ErrorCode } from '../errors.ts';
import { type Cookies, parseCookies } from '../http/cookies.ts';
import { cookiesLike } from '../http/cookies-like.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { ClientLimiter } from '../platform/platform.ts';
import { hasRequiredClaims } from '../policy/claims/required-claims.ts';
import type { RevocationRule } from '../policy/revocation-rule.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { AlsoSent } from './credential.ts';
import { findTokens, type OpaqueFor, type TokenFor } from './find-tokens.ts';
import type { IdentityResult } from './identity.ts';
import { createKeyLoader, type KeyStores } from './load-keys.ts';
import type { Lookup, LookupClient } from './lookup/lookup.ts';
import { NO_CLIENT } from './lookup/lookup.ts';
import type { EdgeKv, FetchKeys, ReadKv } from './ports.ts';
import { createRemoteKeys } from './remote-keys.ts';
import { isRevoked } from './revocation.ts';
import { createTokenMemory } from './token-memory.ts';
import { createVerdicts } from './verdicts.ts';
import { createVerify } from './verify.ts';

/** What `identify` needs of the world. What is left out is a feature that no policy of the service asks for. */
export interface IdentifyDeps extends KeyStores {
  /** Longest token, in bytes. */
  readonly tokenBytes: number;
  /** Key sets by URL. */
  readonly fetchKeys?: FetchKeys;
  /** Keeps key sets and the outcome of slow verifications for all sandboxes. */
  readonly edgeKv?: EdgeKv | null;
  /** Revocation. */
  readonly readKv?: ReadKv;
  /** Credentials that somebody is asked about. */
  readonly lookup?: Lookup | null;
}

/** What one route asks beyond the scope. */
export interface IdentifyOptions extends AlsoSent {
  /** null: not asked for. */
  readonly revocation?: RevocationRule | null;
  /** The client's address, and who counts its bad tokens. */
  readonly limit?: { readonly client: string; readonly limiter: ClientLimiter } | null;
  /** Hears of trouble with keys, for the log. */
  readonly tell?: (why: string) => void;
  /** Whose unknown sessions are counted. */
  readonly client?: LookupClient | undefined;
  /** The cookies of the request; read from its headers where they have not been yet. */
  readonly cookies?: Cookies;
}

/**
 * Looks at the credential of a request for one scope. `nowMs`: milliseconds since the epoch. Never rejects.
 *
 * @returns beside the codes of finding and verifying a token: `invalid` with ERR_SCOPE_INSUFFICIENT (a claim that the
 * scope requires) or ERR_TOKEN_REVOKED; `unavailable` with ERR_REVOCATION_UNAVAILABLE or ERR_RATE_LIMITED.
 */
export type Identify = (
  headers: ReadonlyFields,
  scope: Scope,
  nowMs: number,
  options?: IdentifyOptions,
) => Promise<IdentityResult>;

/** Failures that an honest client with an old token does not cause: these are counted against it. */
const COUNTED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_TOKEN_MALFORMED',
  'ERR_TOKEN_ALGORITHM',
  'ERR_TOKEN_SIGNATURE',
  'ERR_KEY_UNKNOWN',
]);

const NOBODY = () => {};
const LIMITED: IdentityResult = { kind: 'unavailable', code: 'ERR_RATE_LIMITED' };

/** Who is behind a request. */
export function createIdentify(deps: IdentifyDeps): Identify {
  const edgeKv = deps.edgeKv ?? null;
  const remote = deps.fetchKeys === undefined ? null : createRemoteKeys(deps.fetchKeys, edgeKv);
  const memory = createTokenMemory();
  const verify = createVerify({
    memory,
    loadKeys: createKeyLoader(deps, remote),
    verdict: createVerdicts(edgeKv),
  });

  return async function identify(headers, scope, nowMs, options = {}) {
    const { revocation = null, limit = null, tell = NOBODY, cookies = parseCookies(headers) } = options;
    if (scope.providers.length === 0) return unverified(headers, cookies, scope);
    const tokens = findTokens(headers, scope, deps.tokenBytes, cookies, memory.read, options);
    if ('kind' in tokens && tokens.kind === 'missing') return tokens;
    if (limit?.limiter.isBlocked(limit.client)) return LIMITED;
    const result = 'kind' in tokens ? tokens : await verifyFirst(tokens, nowMs, tell, options.client);
    if (result.kind === 'invalid' && COUNTED.has(result.code)) {
      return limit?.limiter.count(limit.client) ? LIMITED : result;
    }
    if (result.kind !== 'verified') return result;
    if (!hasRequiredClaims(result.identity.claims, scope.requiredClaims)) {
      return { kind: 'invalid', code: 'ERR_SCOPE_INSUFFICIENT' };
    }
    return revocation === null ? result : unlessRevoked(result, revocation, nowMs);
  };

  async function verifyFirst(
    tokens: Exclude<ReturnType<typeof findTokens>, { kind: string }>,
    nowMs: number,
    tell: (why: string) => void,
    client: LookupClient | undefined,
  ): Promise<IdentityResult> {
    let refused: IdentityResult | null = null;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as TokenFor | OpaqueFor;
      const { entry, provider, credentialSource } = token;
      const result =
        entry === null
          ? await askAbout(token, nowMs, client)
          : await verify({ entry, provider, credentialSource, nowMs, tell });
      // Keys that cannot be had are no verdict, and the next provider must not take the token instead.
      if (result.kind !== 'invalid') return result;
      refused ??= result;
    }
    return refused ?? { kind: 'missing' };
  }

  async function askAbout(
    { text, provider, credentialSource }: OpaqueFor,
    nowMs: number,
    client: LookupClient = NO_CLIENT,
  ): Promise<IdentityResult> {
    const { lookup = null } = deps;
    if (lookup === null || provider.lookup === null) {
      return { kind: 'unavailable', code: 'ERR_SESSION_UNAVAILABLE' };
    }
    return lookup.verify({ text, provider, rule: provider.lookup, credentialSource, client, nowMs });
  }

  async function unlessRevoked(
    verified: Extract<IdentityResult, { kind: 'verified' }>,
    rule: RevocationRule,
    nowMs: number,
  ): Promise<IdentityResult> {
    const answer =
      deps.readKv === undefined
        ? 'unavailable'
        : await isRevoked(deps.readKv, rule, verified.identity, nowMs);
    if (answer === 'yes') return { kind: 'invalid', code: 'ERR_TOKEN_REVOKED' };
    if (answer === 'no' || rule.onUnavailable === 'allow') return verified;
    return { kind: 'unavailable', code: 'ERR_REVOCATION_UNAVAILABLE' };
  }
}

/** A scope without providers: a whole header or cookie has to be there, once; the rest has a value in any case. */
function unverified(headers: ReadonlyFields, cookies: Cookies, { parts }: Scope): IdentityResult {
  for (const part of parts) {
    if (!('values' in part) || part.kind === 'country' || part.values !== null) continue;
    let sent: readonly (string | readonly string[])[];
    if (part.kind === 'cookiePattern') sent = cookiesLike(cookies, part.glob);
    else sent = part.kind === 'header' ? [headers.get(part.name) ?? ''] : (cookies.get(part.name) ?? []);
    if (sent.length > 1) return { kind: 'invalid', code: 'ERR_CREDENTIAL_AMBIGUOUS' };
    // Of a pattern name and value.
    const [first = ''] = sent;
    if ((typeof first === 'string' ? first : first[1]) === '') return { kind: 'missing' };
  }
  return { kind: 'unverified' };
}
