import type { Cookies } from '../../http/cookies.ts';
import type { PackedCookie } from '../../policy/providers/cookie-formats.ts';
import type { CredentialSource } from '../../policy/providers/credential-sources.ts';
import type { TokenReader } from '../token-memory.ts';

/** What came of looking for a cookie with a format; null: nothing is there. */
export type SentTogether =
  | { readonly text: string; readonly source: Extract<CredentialSource, { kind: 'cookies' }> }
  | 'ambiguous'
  | 'malformed'
  | null;

/** Tokens as they are kept in cookies. In a service whose policy has none the build puts `absent-packed.ts` in its place. */
export interface PackedCookies {
  find(cookies: Cookies, source: PackedCookie): SentTogether;
  /** How the token is read out of what was sent. */
  reader(source: PackedCookie): TokenReader;
}
