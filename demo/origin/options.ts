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
}
