import type { LocalKeys } from '../../../scripts/local-keys.ts';

export interface OriginOptions extends Pick<LocalKeys, 'appSecret' | 'partnerPrivateJwk' | 'partnerJwks'> {
  /** How long every page takes, in milliseconds. Default 0. */
  readonly delayMs?: number;
  /** What the edge proves itself with before claims are believed. null (default): not asked for. */
  readonly originSecret?: string | null;
  /** What has to be sent to sign in and to reach `/__origin`. null (default): nothing. */
  readonly accessSecret?: string | null;
}
