import { decode } from 'jose/base64url';
import { base64url } from '../crypto/base64url.ts';
import { digest } from '../crypto/digest.ts';
import { equalInConstantTime } from '../crypto/equal.ts';
import { hmacOf } from '../crypto/hmac.ts';
import { MIN_SECRET_LENGTH } from '../crypto/min-secret-length.ts';
import type { Relay } from './relay-plan.ts';

/** The one header of a request to a shield: everything that the second pass acts on. */
export const SHIELD_HEADER = 'x-claimcache-shield';
/** What was sealed longer ago, or will be so much later, is refused: the bound of a replay, and of clocks that differ. */
const LIFE_MS = 30_000;

/** What the first pass hands to the second. */
export interface SealedRequest {
  readonly v: 1;
  readonly sealedAtMs: number;
  /** Digest of the policy: two versions never share a request. */
  readonly policy: string;
  readonly method: string;
  readonly url: string;
  /** As the origin is to get them; conditional ones travel beside. */
  readonly headers: readonly (readonly [string, string])[];
  readonly relay: Omit<Relay, 'shield' | 'onShieldResult'>;
}

/**
 * Seals a request: `<base64url JSON>.<base64url HMAC-SHA256>`. What is signed are the very characters that travel, so that
 * nothing on the way has to be spelled alike on both sides.
 */
export async function seal(request: SealedRequest, key: string): Promise<string> {
  const text = base64url(new TextEncoder().encode(JSON.stringify(request)));
  return `${text}.${await codeOf(text, key)}`;
}

/** What a sealed request holds, or a word for why it is refused. */
export async function unseal(
  sealed: string,
  key: string,
  nowMs: number,
): Promise<SealedRequest | 'no-key' | 'signature' | 'expired'> {
  if (key.length < MIN_SECRET_LENGTH) return 'no-key';
  const dot = sealed.indexOf('.');
  const text = sealed.slice(0, Math.max(0, dot));
  // As text, not as bytes: a last character whose unused bits differ, or a `=` behind it, gives the same bytes, and a write
  // under another spelling of its seal would be a write that nobody remembers.
  if (!equalInConstantTime(sealed.slice(dot + 1), await codeOf(text, key))) return 'signature';
  // Only what a service with the key has written gets as far as here.
  const request: SealedRequest = JSON.parse(new TextDecoder().decode(decode(text)));
  if (request.v !== 1 || Math.abs(nowMs - request.sealedAtMs) > LIFE_MS) return 'expired';
  return request;
}

async function codeOf(text: string, key: string): Promise<string> {
  return base64url(await hmacOf(key, `claimcache-shield:1:${await digest(text)}`));
}
