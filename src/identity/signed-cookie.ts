import { decode } from 'jose/base64url';
import { equalBytes } from '../crypto/equal.ts';
import { hmacOf } from '../crypto/hmac.ts';
import { MIN_SECRET_LENGTH } from '../crypto/min-secret-length.ts';
import type { SessionRule } from '../policy/cms/session-cookie.ts';

type SignedCookieRule = Extract<SessionRule, { kind: 'hmac' }>;

const HEX = /^[0-9a-f]{64}$/;
const BASE64URL = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/;

/**
 * Whether a cookie was signed with the secret: `<text>.<HMAC-SHA256 of "<name>=<text>">`, or as Express's cookie-parser signs it
 * (`s:<text>.<base64>`, percent-encoded), which knows no name. Without the name in it, the signature of another cookie of the same application
 * would do. One spelling of a signature alone counts, so no cookie has a second text.
 */
export async function isSignedCookie(
  value: string,
  { name, format, expires, covers, prefix }: SignedCookieRule,
  secret: string,
  nowMs: number,
): Promise<boolean> {
  if (secret.length < MIN_SECRET_LENGTH) return false;
  const signed = format === 'express' ? ofExpress(value) : value;
  const dot = signed?.lastIndexOf('.') ?? -1;
  if (signed === null || dot < 1) return false;
  const text = signed.slice(0, dot);
  const signature = bytesOf(signed.slice(dot + 1), format);
  if (signature === null || (expires && !isAlive(text, nowMs))) return false;
  if (!text.startsWith(prefix)) return false;
  const isBound = format === 'plain' && equalBytes(await hmacOf(secret, `${name}=${text}`), signature);
  return isBound || (covers === 'text' && equalBytes(await hmacOf(secret, text), signature));
}

function ofExpress(value: string): string | null {
  try {
    const decoded = decodeURIComponent(value);
    return decoded.startsWith('s:') ? decoded.slice(2) : null;
  } catch {
    return null;
  }
}

function bytesOf(text: string, format: SignedCookieRule['format']): Uint8Array | null {
  if (format === 'express') {
    return BASE64.test(text) ? decode(text.replaceAll('+', '-').replaceAll('/', '_')) : null;
  }
  if (BASE64URL.test(text)) return decode(text);
  if (!HEX.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The signed text ends with the second at which it ends. */
function isAlive(text: string, nowMs: number): boolean {
  const end = /\.(\d{10})$/.exec(text)?.[1];
  return end !== undefined && Number(end) * 1000 > nowMs;
}
