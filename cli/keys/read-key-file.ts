import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { CliError } from '../base/cli-error.ts';

export interface KeyFile {
  readonly keys: readonly JWK[];
  readonly warnings: readonly string[];
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

/**
 * The public keys of a file: PEM (public key, certificate, private key), a JWK, or a JWKS. A key without `kid` gets its
 * thumbprint (RFC 7638). HMAC secrets are kept as they are, with a warning.
 *
 * @throws {CliError} CLI_INPUT. No message quotes the file's content.
 */
export async function readKeyFile(file: string, cwd: string): Promise<KeyFile> {
  let text: string;
  try {
    text = readFileSync(path.resolve(cwd, file), 'utf8');
  } catch (cause) {
    throw new CliError('CLI_INPUT', `${file} cannot be read.`, 'Name a file that exists.', { cause });
  }
  const warnings: string[] = [];
  const keys = text.includes('-----BEGIN ') ? pemKeys(text, file, warnings) : jsonKeys(text, file, warnings);
  if (keys.length === 0) throw noKeys(file);
  return { keys: await Promise.all(keys.map(withId)), warnings };
}

function pemKeys(text: string, file: string, warnings: string[]): JWK[] {
  return [...text.matchAll(BLOCK)].map(([block, label = '']) => {
    if (label.includes('PRIVATE')) {
      warnings.push(
        `${file} holds a private key: only its public part is used. Keep the file away from the edge.`,
      );
    }
    try {
      return publicKey(block, label).export({ format: 'jwk' }) as JWK;
    } catch {
      throw new CliError(
        'CLI_INPUT',
        `${file}: a block "${label}" cannot be read as a key.`,
        'PEM of a public key (SPKI or PKCS#1), a certificate, or an unencrypted private key.',
      );
    }
  });
}

function publicKey(block: string, label: string): KeyObject {
  if (label === 'CERTIFICATE') return new X509Certificate(block).publicKey;
  return label.includes('PRIVATE') ? createPublicKey(createPrivateKey(block)) : createPublicKey(block);
}

function jsonKeys(text: string, file: string, warnings: string[]): JWK[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw noKeys(file);
  }
  const list = isRecord(parsed) && Array.isArray(parsed.keys) ? parsed.keys : [parsed];
  return list.filter(isKey).map((key) => {
    if (key.kty === 'oct') {
      warnings.push(`${file} holds an HMAC secret: it belongs in the Secret Store, never in a Config Store.`);
      return key as JWK;
    }
    const hasPrivate = PRIVATE_MEMBERS.some((member) => member in key);
    if (hasPrivate) warnings.push(`${file} holds a private key: only its public part is used.`);
    return Object.fromEntries(Object.entries(key).filter(([name]) => !PRIVATE_MEMBERS.includes(name))) as JWK;
  });
}

async function withId(key: JWK): Promise<JWK> {
  if (key.kty === 'oct' || key.kid !== undefined) return key;
  try {
    return { ...key, kid: await calculateJwkThumbprint(key) };
  } catch {
    // A member is missing: whoever looks into the key says so.
    return key;
  }
}

/** Whatever else it lacks, a key says of what kind it is (RFC 7517 section 4.1). */
function isKey(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value.kty === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function noKeys(file: string): CliError {
  return new CliError('CLI_INPUT', `${file} has no key.`, 'A PEM file, a JWK, or a JWKS ({"keys":[…]}).');
}
