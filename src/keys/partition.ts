import type { ClaimValue, ScopeValue } from '../policy/claims/claim-path.ts';

/** A scope filled with one identity's values: what partitions the cache. */
export interface Partition {
  readonly scope: string;
  /** '' where nothing was verified. */
  readonly provider: string;
  /** `iss` of the verified token; null where it has none. */
  readonly issuer: ClaimValue | null;
  readonly values: readonly ScopeValue[];
  readonly shared: boolean;
  /** Surrogate keys: of the claims alone, which is what purges go by, of all values, and of scopes made of one of the claims. */
  readonly surrogateKeys: readonly string[];
}
