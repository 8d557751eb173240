/** Verification that the host cannot do. One file for each: webpack leaves out those that the policy has no use for. */
export interface JavaScriptEngine {
  /** `hashBytes`: length of the algorithm's hash. May throw on a signature or key that cannot be read. */
  verify(
    signed: { readonly signingInput: Uint8Array; readonly signature: Uint8Array },
    key: { member(name: string): Uint8Array },
    hashBytes: number,
  ): boolean | Promise<boolean>;
  /** Does while the service is being built what the first verification would pay for. */
  prepare(): void;
}
