import { encode } from 'jose/base64url';
import { type KeySet, keySetOf } from '../key-set.ts';

/** While a secret changes there are two; more cost a forged token that much more. */
const MAX_SECRETS = 4;

/** Secrets that keys are derived from: one as it is, or several as a JSON list. */
export function secretKeySet(text: string): KeySet {
  let secrets: unknown = text;
  try {
    if (text.trimStart().startsWith('[')) secrets = JSON.parse(text);
  } catch {
    // A secret that begins like a list.
  }
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets.slice(0, MAX_SECRETS) : [text];
  return keySetOf(
    list.map((secret) => (typeof secret === 'string' ? { kty: 'oct', k: encode(secret) } : null)),
    false,
  );
}
