import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { SigningKey } from '../../src/testing/mint.ts';
import { CliError } from '../base/cli-error.ts';
import type { LocalStores } from '../base/local-stores.ts';
import { privateKeyFileOf } from '../base/secrets-folder.ts';

/**
 * The key of a provider for tests on this machine: a file that was named; else the shared secret of `[local_server]`; else
 * `<provider>_private.jwk.json` in the folder that holds the local secrets.
 *
 * @throws {CliError} CLI_CONFIG where there is none; no message quotes a key.
 */
export function signingKey(
  provider: Provider,
  { file, stores, secretsFolder, cwd }: SigningKeyPlaces,
): SigningKey {
  const { name, keys, algorithms } = provider;
  if (file !== undefined) return fromJwk(textOf(path.resolve(cwd, file)), file);
  const held = heldBy(provider, stores);
  if (held !== null && keys.kind === 'secretStore') {
    // With each byte that is there, as the service verifies: `claimcache check` tells of a line break.
    if (keys.format === 'raw') return new TextEncoder().encode(held);
    if (keys.format !== 'jwk') return new TextEncoder().encode(firstSecret(held));
    const secret = keysOf(held).find(({ kty, k }) => kty === 'oct' && k !== undefined);
    if (secret !== undefined) return secret;
  }
  const isRaw = keys.kind === 'secretStore' && keys.format !== 'jwk';
  const beside = path.join(secretsFolder, privateKeyFileOf(name));
  const text = textOf(beside);
  if (text !== null) return fromJwk(text, path.basename(beside));
  throw new CliError(
    'CLI_CONFIG',
    `There is no local key that signs as the provider ${name} does (${algorithms.join(', ')}): ${isRaw ? `the local store ${keys.store} has no ${keys.item}` : `${path.relative(cwd, beside)} is not there`}.`,
    fixFor(provider, held !== null),
  );
}

/** What to do where no key of this machine signs. */
function fixFor({ name, keys }: Provider, isHeld: boolean): string {
  const given = 'Or name a private JWK with --key FILE: one for tests, never one of production.';
  if (keys.kind === 'inline')
    return `The public keys of ${name} stand in the policy: --key FILE names the private half of one. It is for tests: never use a key of production.`;
  if (isHeld && keys.kind !== 'remote')
    return `The local store has other keys of ${name}: take the item ${keys.item} out of it, and \`claimcache check --fix\` makes a pair for this machine. ${given}`;
  return `\`claimcache check --fix\`, and \`claimcache dev\` (npm start), make one for this machine. ${given}`;
}

/**
 * Whether the service on this machine knows the key that a token was signed with: null where that cannot be told, because `claimcache dev` shows it the
 * local key, or the keys stand in the policy.
 */
export function isKnownLocally(provider: Provider, key: SigningKey, stores: LocalStores): boolean | null {
  if (key instanceof Uint8Array || provider.keys.kind === 'remote' || provider.keys.kind === 'inline')
    return null;
  const { kty, n, x, y, k } = key;
  return keysOf(heldBy(provider, stores) ?? '').some(
    (one) => one.kty === kty && one.n === n && one.x === x && one.y === y && one.k === k,
  );
}

function heldBy({ keys }: Provider, { secrets, configs }: LocalStores): string | null {
  if (keys.kind !== 'secretStore' && keys.kind !== 'configStore') return null;
  return (keys.kind === 'secretStore' ? secrets : configs).get(keys.store)?.get(keys.item)?.value || null;
}

/** Of a JWK or a JWKS. */
function keysOf(text: string): readonly JWK[] {
  try {
    const parsed: unknown = JSON.parse(text);
    const list: unknown[] =
      typeof parsed === 'object' && parsed !== null && 'keys' in parsed && Array.isArray(parsed.keys)
        ? parsed.keys
        : [parsed];
    return list.filter((one): one is JWK => typeof one === 'object' && one !== null && 'kty' in one);
  } catch {
    return [];
  }
}

/** Of a list the first one encrypts. */
function firstSecret(text: string): string {
  try {
    const secrets: unknown = JSON.parse(text);
    return Array.isArray(secrets) ? String(secrets[0]) : text;
  } catch {
    return text;
  }
}

export interface SigningKeyPlaces {
  /** `--key`. */
  readonly file: string | undefined;
  readonly stores: LocalStores;
  /** Absolute; it need not be there. */
  readonly secretsFolder: string;
  readonly cwd: string;
}

function fromJwk(text: string | null, where: string): SigningKey {
  try {
    const jwk: unknown = JSON.parse(text ?? '');
    if (typeof jwk === 'object' && jwk !== null && 'kty' in jwk) {
      return jwk as JWK;
    }
  } catch {
    // Told below.
  }
  throw new CliError(
    'CLI_INPUT',
    `${where} is not a JWK.`,
    'It has to be one JSON Web Key (RFC 7517), private.',
  );
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
