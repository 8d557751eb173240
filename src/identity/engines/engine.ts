import { decode } from 'jose/base64url';
import type { VerificationKey } from '../verification-key.ts';

/** Verification that the host cannot do. One file for each: webpack leaves out those that the policy has no use for. */
export interface JavaScriptEngine {
  /** `hashBytes`: length of the algorithm's hash. May throw on a signature or key that cannot be read. */
  verify(
    signed: { readonly signingInput: Uint8Array; readonly signature: Uint8Array },
    key: VerificationKey,
    hashBytes: number,
  ): boolean | Promise<boolean>;
  /** Does while the service is being built what the first verification would pay for. */
  prepare(): void;
}

/** A member of a key, base64url. */
export function memberOf({ jwk }: VerificationKey, name: string): Uint8Array {
  return decode(String(jwk[name]));
}
