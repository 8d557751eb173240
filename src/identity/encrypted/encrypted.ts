import type { Encryption } from '../../policy/providers/algorithm-names.ts';
import type { SecretFormat } from '../../policy/providers/key-source.ts';
import type { LoadedKeys } from '../load-keys.ts';
import type { ParsedToken } from '../parse-token.ts';
import type { TokenEntry } from '../token-memory.ts';

/** Whose secret it is, and so how the key is made of it. */
export type SessionFormat = Extract<SecretFormat, 'authjs' | 'nextauth'>;

/** By what a token is opened. */
export interface Opening {
  readonly provider: string;
  readonly encryption: Encryption;
  readonly format: SessionFormat;
  /** Of the cookie, without the number of a chunk. */
  readonly name: string;
  readonly loaded: LoadedKeys;
}

/** Tokens that are encrypted with a shared secret. In a service whose policy has none the build puts `absent-encrypted.ts` in its place. */
export interface EncryptedTokens {
  /** null: it is no such token. Its claims are not known yet. */
  parse(text: string): ParsedToken | null;
  /** The token with its claims; null where no secret opens it. */
  open(entry: TokenEntry, opening: Opening): Promise<ParsedToken | null>;
}
