import { cbc, gcm } from '@noble/ciphers/aes.js';
import { decode } from 'jose/base64url';
import { equalBytes } from '../../crypto/equal.ts';
import { hmac, hmacKey } from '../../crypto/hmac.ts';
import type { Encryption } from '../../policy/providers/algorithm-names.ts';
import { checkClaims } from '../../policy/providers/check-claims.ts';
import type { IdentityResult } from '../identity.ts';
import { isOptionalString, type ParsedToken, REFUSED_PARAMETERS } from '../parse-token.ts';
import { decodedObject, isCanonical, jsonObject } from '../strict-json.ts';
import type { TokenEntry, TokenReader } from '../token-memory.ts';
import { derivedKey, type SessionFormat } from './derived-key.ts';
import type { EncryptedTokens, LoadSecrets, OpenTask, Secrets } from './encrypted.ts';
import { isGcmTag } from './gcm-tag.ts';
import { secretKeySet } from './secret-key-set.ts';

/** Of one token: under each name that its cookie had, and each provider. A client chooses the names. */
const MAX_OPENED = 8;

/** An outcome depends on nothing but token, secrets and name, so that it holds for as long as the token is remembered. */
const opened = new WeakMap<TokenEntry, Map<string, { digest: string; token: Promise<ParsedToken | null> }>>();

const UNAVAILABLE = { kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' } as const;

const encryptedTokens: EncryptedTokens = { reader, keySet: secretKeySet, open };

export default encryptedTokens;

/**
 * Takes a compact JWE (RFC 7516 section 7.1) apart whose key nobody sent (`dir`, RFC 7518 section 4.5): the part of the encrypted key is
 * empty. As strict as with a signed token: one spelling, no member twice, nothing that changes how it is read.
 */
function parse(text: string): ParsedToken | null {
  const [head = '', key, iv = '', body = '', tag = '', ...rest] = text.split('.');
  if (rest.length > 0 || key !== '' || ![iv, body, tag].every(isCanonical)) return null;
  const header = decodedObject(head);
  if (header === null || REFUSED_PARAMETERS.some((name) => Object.hasOwn(header, name))) return null;
  const { alg, enc, kid, typ } = header;
  if (typeof alg !== 'string' || typeof enc !== 'string') return null;
  if (!isOptionalString(kid) || !isOptionalString(typ)) return null;
  return {
    text,
    // Of another `alg` no name is one that a policy has.
    algorithm: alg === 'dir' ? enc : `${alg}/${enc}`,
    keyId: kid ?? null,
    type: typ ?? null,
    claims: {},
    signingInput: new TextEncoder().encode(head),
    signature: decode(tag),
    sealed: { iv: decode(iv), ciphertext: decode(body) },
  };
}

function reader(encryption: Encryption): TokenReader {
  return { name: `${encryption} `, parse };
}

/** What nobody but the secret's holders could have encrypted. Its claims are asked once they can be read. */
async function open(
  { entry, provider, credentialSource, nowMs, tell }: OpenTask,
  encryption: Encryption,
  loadSecrets: LoadSecrets,
): Promise<ParsedToken | IdentityResult> {
  if (entry.token.algorithm !== encryption) return { kind: 'invalid', code: 'ERR_TOKEN_ALGORITHM' };
  const { keys } = provider;
  const format = keys.kind === 'secretStore' ? keys.format : 'jwk';
  const loaded = await loadSecrets(provider, nowMs, false, tell);
  if (loaded.keySet === null) return { ...UNAVAILABLE, ...(loaded.why !== null && { why: loaded.why }) };
  if (loaded.keySet.keys.length === 0)
    return { ...UNAVAILABLE, why: 'the secret is too short: 32 bytes at least' };
  if (format !== 'authjs' && format !== 'nextauth') return UNAVAILABLE;
  const token = await openOnce(entry, {
    ...{ encryption, format, loaded },
    provider: provider.name,
    name: credentialSource.name,
  });
  if (token === null) return { kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' };
  const code = checkClaims(token, provider, nowMs);
  return code === null ? token : { kind: 'invalid', code };
}

/** By what a token is opened. */
interface Opening {
  readonly provider: string;
  readonly encryption: Encryption;
  readonly format: SessionFormat;
  /** Of the cookie, without the number of a chunk. */
  readonly name: string;
  readonly loaded: Secrets;
}

/** Once for each token, name of the cookie and set of secrets. */
function openOnce(entry: TokenEntry, opening: Opening): Promise<ParsedToken | null> {
  const { provider, name, loaded } = opening;
  const known: NonNullable<ReturnType<typeof opened.get>> = opened.get(entry) ?? new Map();
  opened.set(entry, known);
  const id = JSON.stringify([provider, name]);
  const before = known.get(id);
  if (before?.digest === loaded.digest) return before.token;
  if (known.size >= MAX_OPENED) known.clear();
  const token = withEach(entry.token, opening);
  known.set(id, { digest: loaded.digest, token });
  return token;
}

async function withEach(
  token: ParsedToken,
  { encryption, format, name, loaded }: Opening,
): Promise<ParsedToken | null> {
  for (const { jwk } of loaded.keySet.keys) {
    const key = await derivedKey(String(jwk.k), format, encryption, name);
    const bytes = await decrypted(token, encryption, key);
    if (bytes === null) continue;
    const claims = jsonObject(new TextDecoder().decode(bytes));
    return claims === null ? null : { ...token, claims };
  }
  return null;
}

/** null where the tag is not of this key: nothing is decrypted before it was compared, in constant time. */
async function decrypted(
  { signingInput: aad, signature: tag, sealed }: ParsedToken,
  encryption: Encryption,
  key: Uint8Array,
): Promise<Uint8Array | null> {
  if (sealed === undefined) return null;
  const { iv, ciphertext } = sealed;
  try {
    if (encryption === 'A256GCM') {
      if (iv.length !== 12 || tag.length !== 16 || !isGcmTag(key, iv, aad, ciphertext, tag)) return null;
      return gcm(key, iv, aad).decrypt(joined(ciphertext, tag));
    }
    if (iv.length !== 16 || tag.length !== 32) return null;
    // RFC 7518 section 5.2.2: the first half of the key is for the tag, and behind the text stands the length of what else was sealed, in bits.
    const length = new Uint8Array(8);
    new DataView(length.buffer).setUint32(4, aad.length * 8);
    const code = await hmac(await hmacKey(64, key.subarray(0, 32)), joined(aad, iv, ciphertext, length));
    if (!equalBytes(code.subarray(0, 32), tag)) return null;
    return cbc(key.subarray(32), iv).decrypt(ciphertext);
  } catch {
    return null;
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
