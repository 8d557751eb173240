import { EdgeError, type ErrorCode } from '../errors.ts';
import type { Identity, IdentityResult } from '../identity/identity.ts';
import { textDigest } from '../keys/text-digest.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { ClientLimiter, Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { json, type OperatorAnswer } from './operator-answer.ts';

/** What purging for oneself needs. */
export interface SelfPurgeDeps {
  readonly policy: Pick<Policy, 'scopes' | 'selfPurge' | 'badTokenLimit'>;
  readonly platform: Pick<Platform, 'purge'>;
  /** Who the caller is, for one scope. `isCounted`: a bad token counts against the client. */
  readonly authenticate: (
    scope: Scope,
    isCounted: boolean,
  ) => Promise<{
    readonly outcome: IdentityResult | null;
    /** Of all that they have in the scope; null where nobody was verified, or a claim cannot be used. */
    readonly key: string | null;
  }>;
  /** By identity: two tokens of one person are one. */
  readonly limiter: ClientLimiter;
  /** A page of that origin may send a visitor's cookies here. */
  readonly isTrustedOrigin: (origin: string) => boolean;
}

/**
 * `POST /.edge/purge/me`: whoever is verified purges their own entries: of every scope that names one person, and of no
 * scope that several share. The answer has no keys: those never reach a client.
 *
 * @throws {EdgeError} ERR_NOT_FOUND where the policy switches it off or no scope names a person, ERR_METHOD_REFUSED,
 *   ERR_CROSS_SITE, ERR_RATE_LIMITED, and what identifying throws at a route.
 */
export async function selfPurge(facts: RequestFacts, deps: SelfPurgeDeps): Promise<OperatorAnswer> {
  const { policy, platform, limiter } = deps;
  const scopes = [...policy.scopes.values()].filter(
    ({ shared, providers }) => !shared && providers.length > 0,
  );
  if (policy.selfPurge === null || scopes.length === 0) throw new EdgeError('ERR_NOT_FOUND');
  if (facts.method !== 'POST') throw new EdgeError('ERR_METHOD_REFUSED', { allow: 'POST' });
  const { keys, claimKeys, identities } = await ownKeys(scopes, deps);
  if (
    identities.some(({ credentialSource: { kind } }) => kind === 'cookie' || kind === 'cookies') &&
    isCrossSite(facts, deps)
  ) {
    throw new EdgeError('ERR_CROSS_SITE');
  }
  const who = clientOf(identities, claimKeys);
  // Both are asked: the platform's box may know of another sandbox's count.
  if (limiter.isBlocked(who) || limiter.count(who)) {
    throw new EdgeError('ERR_RATE_LIMITED', { retryAfterSeconds: policy.selfPurge.blockMinutes * 60 });
  }
  for (const key of keys) platform.purge(key, false);
  return { response: json({ purged: keys.length }), purged: keys.length };
}

/** Nothing is purged before every scope has been asked: half a purge would look like a whole one. */
async function ownKeys(
  scopes: readonly Scope[],
  { authenticate, policy }: SelfPurgeDeps,
): Promise<{ keys: readonly string[]; claimKeys: readonly string[]; identities: readonly Identity[] }> {
  const keys = new Set<string>();
  const claimKeys = new Set<string>();
  const identities: Identity[] = [];
  let refused: { scope: Scope; code: ErrorCode } | null = null;
  for (const scope of scopes) {
    // A token of one provider is a bad one to the scope of another: that is not held against the client.
    const { outcome, key } = await authenticate(scope, false);
    if (outcome?.kind === 'unavailable') throw unavailable(outcome.code, policy);
    if (outcome?.kind === 'verified' && key !== null) {
      keys.add(key);
      if (scope.claims.length > 0) claimKeys.add(key);
      identities.push(outcome.identity);
    } else if (outcome?.kind === 'invalid') refused ??= { scope, code: outcome.code };
    else if (outcome?.kind === 'verified') refused ??= { scope, code: 'ERR_SCOPE_CLAIM' };
  }
  if (keys.size > 0) return { keys: [...keys], claimKeys: [...claimKeys], identities };
  if (refused === null) throw new EdgeError('ERR_CREDENTIAL_MISSING');
  const { outcome } = await authenticate(refused.scope, true);
  if (outcome?.kind === 'unavailable') throw unavailable(outcome.code, policy);
  throw new EdgeError(refused.code);
}

function unavailable(code: ErrorCode, { badTokenLimit }: SelfPurgeDeps['policy']): EdgeError {
  const isLimited = code === 'ERR_RATE_LIMITED' && badTokenLimit !== null;
  return new EdgeError(code, isLimited ? { retryAfterSeconds: badTokenLimit.blockMinutes * 60 } : {});
}

/**
 * Whether another site's page may have sent the visitor's cookie. A browser says where a request comes from, in
 * `Sec-Fetch-Site` or in `Origin`; whoever says neither is no browser, and sends no cookie unasked.
 */
function isCrossSite({ headers, host }: RequestFacts, { isTrustedOrigin }: SelfPurgeDeps): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === 'same-origin') return false;
  if (site === null && origin === null) return false;
  if (origin === null) return true;
  if (site === null && isHost(origin, host)) return false;
  return !isTrustedOrigin(origin);
}

function isHost(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === new URL(`http://${host}`).host;
  } catch {
    return false;
  }
}

/**
 * What the limiter counts by, without a claim value in it: who they are, by claims that were verified. A part is what the client says, and
 * with another one each time nobody would ever have done too much.
 */
function clientOf(identities: readonly Identity[], claimKeys: readonly string[]): string {
  const who = identities.map(({ provider, claims }) => [
    provider,
    claimKeys.length === 0 && Object.hasOwn(claims, 'sub') ? claims.sub : null,
  ]);
  return `self-purge:${textDigest(JSON.stringify([who, claimKeys]))}`;
}
