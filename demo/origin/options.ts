import type { JSONWebKeySet, JWK } from 'jose';

export interface OriginOptions {
  /** The HS256 secret, as text: its bytes are the key. */
  readonly appSecret: string;
  readonly partnerPrivateJwk: JWK;
  readonly partnerJwks: JSONWebKeySet;
  /** How long every page takes, in milliseconds. Default 0. */
  readonly delayMs?: number;
  /** What the edge proves itself with before claims are believed. null (default): not asked for. */
  readonly originSecret?: string | null;
  /** What has to be sent to sign in and to reach `/__origin`. null (default): nothing; right on 127.0.0.1 alone. */
  readonly accessSecret?: string | null;
  /** The built pages of `demo/web`, and where the edge's console is, if it runs. Default: no pages. */
  readonly web?: { readonly folder: string; readonly consoleUrl: string | null };
  /** Purges surrogate keys at the edge, and is done when the edge has. Default: publishing purges nothing. */
  readonly purge?: (keys: readonly string[]) => Promise<void>;
}
