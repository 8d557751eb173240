import type { Cookies } from '../../http/cookies.ts';
import type { CoreCachePort } from '../../platform/core-cache-port.ts';
import type { OriginRequest } from '../../platform/origin-request.ts';
import type { ClientLimiter } from '../../platform/platform.ts';
import type { CredentialSource } from '../../policy/providers/credential-sources.ts';
import type { LookupRule } from '../../policy/providers/lookup-rule.ts';
import type { Provider } from '../../policy/providers/provider.ts';
import type { RateRule } from '../../policy/rate-limits.ts';
import type { Scope } from '../../policy/scopes/scope.ts';
import type { IdentityResult } from '../identity.ts';

/** What asking somebody about credentials needs of the world. */
export interface LookupDeps {
  readonly cache: CoreCachePort | null;
  readonly fetchOrigin: (request: OriginRequest) => Promise<Response>;
  readonly secret: (store: string, item: string) => Promise<string | null>;
  readonly stores: { readonly secrets: string };
  readonly limiter: (rule: RateRule) => ClientLimiter;
  /** Of the policy: by their values an answer is purged. */
  readonly scopes: readonly Scope[];
  readonly providers: readonly Provider[];
  /** Tells whether one of the keys was purged since. */
  readonly sentinel: (cacheKey: string, surrogateKeys: readonly string[]) => { isIntact(): boolean };
}

/** A credential that says nothing by itself, and whom to ask about it. */
export interface LookupTask {
  readonly text: string;
  readonly provider: Provider;
  readonly rule: LookupRule;
  readonly credentialSource: CredentialSource;
  readonly client: LookupClient;
  readonly nowMs: number;
}

/** Whose unknown credentials are counted together. */
export interface LookupClient {
  readonly network: string;
  /** false: only looked at, so that nothing is counted. */
  readonly isCounted: boolean;
}

export const NO_CLIENT: LookupClient = { network: '', isCounted: true };

/** Another way from a credential to verified claims: somebody is asked, once for as long as the answer counts. */
export interface Lookup {
  /** Never rejects. */
  verify(task: LookupTask): Promise<IdentityResult>;
  /**
   * The surrogate keys of all that is known of session cookies of a request. Rejects where they cannot be told.
   *
   * @param isForgotten - Of which names.
   */
  keysOf(cookies: Cookies, isForgotten: (name: string) => boolean): Promise<readonly string[]>;
}

export type CreateLookup = (deps: LookupDeps) => Lookup | null;
