import type { Encryption } from '../../policy/providers/algorithm-names.ts';
import type { CredentialSource } from '../../policy/providers/credential-sources.ts';
import type { Provider } from '../../policy/providers/provider.ts';
import type { IdentityResult } from '../identity.ts';
import type { KeySet } from '../key-set.ts';
import type { ParsedToken } from '../parse-token.ts';
import type { TokenEntry, TokenReader } from '../token-memory.ts';

/** A token that is to be opened for a provider. */
export interface OpenTask {
  readonly entry: TokenEntry;
  readonly provider: Provider;
  readonly credentialSource: CredentialSource;
  readonly nowMs: number;
  readonly tell?: (why: string) => void;
}

/** The secrets of a provider. */
export interface Secrets {
  readonly keySet: KeySet;
  /** Other secrets, another digest. */
  readonly digest: string;
}

/** Gets a provider's secrets in force; null where there are none to be had. */
export type LoadSecrets = (
  provider: Provider,
  nowMs: number,
  wantsNew: boolean,
  tell?: (why: string) => void,
) => Promise<Secrets | { readonly keySet: null; readonly why: string | null }>;

/** Tokens that are encrypted with a shared secret. In a service whose policy has none the build puts `absent-encrypted.ts` in its place. */
export interface EncryptedTokens {
  /** Of such tokens the claims are not known before they are opened. */
  reader(encryption: Encryption): TokenReader;
  /** The secrets in an item of a store: one as it is, or several as a JSON list. */
  keySet(text: string): KeySet;
  /** The token with its claims, where one of the secrets opens it and they are as the provider asks. */
  open(
    task: OpenTask,
    encryption: Encryption,
    loadSecrets: LoadSecrets,
  ): Promise<ParsedToken | IdentityResult>;
}
