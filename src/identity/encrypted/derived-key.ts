import { decode } from 'jose/base64url';
import { hmac, hmacKey } from '../../crypto/hmac.ts';
import type { Encryption } from '../../policy/providers/algorithm-names.ts';
import type { SecretFormat } from '../../policy/providers/key-source.ts';

/** Whose secret it is, and so how the key is made of it. */
export type SessionFormat = Extract<SecretFormat, 'authjs' | 'nextauth'>;

const KEY_BYTES = { 'A256CBC-HS512': 64, A256GCM: 32 };

/** A client chooses among the names of cookies that a policy lists. */
const MAX_KNOWN = 32;
const known = new Map<string, Promise<Uint8Array>>();

/**
 * The key that Auth.js (`@auth/core/jwt`, version 5) and NextAuth (`next-auth/jwt`, version 4) make of their secret, by HKDF with SHA-256
 * (RFC 5869): version 5 with the name of the cookie as salt and in the text, version 4 without. Some ten digests, once for each secret and name.
 *
 * @param secret - base64url.
 */
export function derivedKey(
  secret: string,
  format: SessionFormat,
  encryption: Encryption,
  name: string,
): Promise<Uint8Array> {
  const id = JSON.stringify([secret, format, encryption, name]);
  let key = known.get(id);
  if (key === undefined) {
    if (known.size >= MAX_KNOWN) known.clear();
    const isAuthjs = format === 'authjs';
    const info = isAuthjs
      ? `Auth.js Generated Encryption Key (${name})`
      : 'NextAuth.js Generated Encryption Key';
    key = hkdf(decode(secret), isAuthjs ? name : '', info, KEY_BYTES[encryption]);
    known.set(id, key);
  }
  return key;
}

async function hkdf(secret: Uint8Array, salt: string, info: string, bytes: number): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const extracted = await hmac(await hmacKey(32, encoder.encode(salt)), secret);
  const key = await hmacKey(32, extracted);
  const text = encoder.encode(info);
  const made = new Uint8Array(bytes);
  let before = new Uint8Array();
  for (let i = 1; (i - 1) * 32 < bytes; i++) {
    before = await hmac(key, Uint8Array.from([...before, ...text, i]));
    made.set(before, (i - 1) * 32);
  }
  return made;
}
