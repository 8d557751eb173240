import type { ClaimValue } from '../policy/claims/claim-path.ts';
import { surrogateKey } from './surrogate-key.ts';

/** What is revoked: everyone with that value of a scope of one claim, or one token by its `jti`. */
export type Revocable = { readonly scope: string; readonly value: ClaimValue } | { readonly tokenId: string };

/** An entry of the KV Store. Write it first, then purge. */
export interface RevocationEntry {
  readonly key: string;
  readonly value: string;
}

/** The key under which a revocation stands: `revoked/user:42`, `revoked-token/jti:…`; the rule of surrogate keys. */
export function revocationKey(what: Revocable): string {
  return 'tokenId' in what
    ? `revoked-token/${surrogateKey('jti', [what.tokenId])}`
    : `revoked/${surrogateKey(what.scope, [what.value])}`;
}

/**
 * The entry that revokes every token issued up to `nowSeconds` (seconds since the epoch), or the one with that `jti`.
 * Keep it in the store for at least as long as a token may live.
 */
export function revocationEntry(what: Revocable, nowSeconds: number): RevocationEntry {
  return { key: revocationKey(what), value: JSON.stringify({ notBefore: Math.ceil(nowSeconds) }) };
}
