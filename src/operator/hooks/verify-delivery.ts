import { base64url } from '../../crypto/base64url.ts';
import { equalInConstantTime } from '../../crypto/equal.ts';
import { toHex } from '../../crypto/hex.ts';
import { hmac, hmacKey } from '../../crypto/hmac.ts';
import { joined } from '../../http/read-bytes.ts';
import type { HookSignature } from '../../policy/purge-hooks/hook-signature.ts';
import { type DeliveryHead, signedParts } from './signed-parts.ts';

const STANDARD_KEY = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/**
 * Whether a delivery is of the sender who has the secret.
 *
 * @returns null, or why it is not: for the log, without a word of what was sent.
 */
export async function whyNotSigned(
  signature: HookSignature,
  secret: string,
  head: DeliveryHead,
  body: Uint8Array,
  nowMs: number,
): Promise<string | null> {
  if (signature.kind === 'token') {
    const sent = head.headers.get(signature.header);
    if (sent === null) return `no ${signature.header}`;
    const isRight =
      sent.startsWith(signature.prefix) && equalInConstantTime(sent.slice(signature.prefix.length), secret);
    return isRight ? null : 'another token';
  }
  const parts = signedParts(signature, head);
  if (typeof parts === 'string') return parts;
  const { codes, before, time } = parts;
  const { timestamp } = signature;
  if (timestamp !== null && time !== null) {
    const ageMs = nowMs - Number(time) * timestamp.unitMs;
    if (ageMs > timestamp.maxAgeMs) return 'the timestamp is too old';
    if (ageMs < -timestamp.maxAgeMs) return 'the timestamp is of the future';
  }
  const key = keyOf(signature.format, secret);
  if (key === null) return 'the secret is not whsec_ and base64';
  const code = await hmac(await hmacKey(signature.hashBytes, key), signed(before, body));
  const expected = written(code, signature.encoding);
  const asWritten = (sent: string) => (signature.encoding === 'hex' ? sent.toLowerCase() : sent);
  // Each is compared, whichever of them is right.
  const isRight = codes.map((sent) => equalInConstantTime(asWritten(sent), expected)).includes(true);
  return isRight ? null : 'the signature does not match';
}

function keyOf(
  format: Extract<HookSignature, { kind: 'hmac' }>['format'],
  secret: string,
): Uint8Array | null {
  if (format !== 'standard-webhooks') return new TextEncoder().encode(secret);
  if (!STANDARD_KEY.test(secret)) return null;
  try {
    return bytesOf(atob(secret.slice('whsec_'.length)));
  } catch {
    return null;
  }
}

function bytesOf(binary: string): Uint8Array {
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function signed(before: string, body: Uint8Array): Uint8Array {
  const start = new TextEncoder().encode(before);
  return joined([start, body], start.byteLength + body.byteLength);
}

function written(code: Uint8Array, encoding: 'hex' | 'base64' | 'base64url'): string {
  if (encoding === 'hex') return toHex(code);
  return encoding === 'base64' ? btoa(String.fromCharCode(...code)) : base64url(code);
}
