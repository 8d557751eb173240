import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { SigningKey } from '../../src/testing/mint.ts';
import { CliError } from '../base/cli-error.ts';
import type { LocalStores } from '../base/local-stores.ts';

/**
 * The key of a provider for tests on this machine: a file that was named; else the shared secret of `[local_server]`; else
 * `<provider>_private.jwk.json` in the folder that holds the local secrets.
 *
 * @throws {CliError} CLI_CONFIG where there is none; no message quotes a key.
 */
export function signingKey(
  { name, keys, algorithms }: Provider,
  { file, stores, secretsFolder, cwd }: SigningKeyPlaces,
): SigningKey {
  if (file !== undefined) return fromJwk(textOf(path.resolve(cwd, file)), file);
  if (keys.kind === 'secretStore') {
    const value = stores.secrets.get(keys.store)?.get(keys.item)?.value;
    if (value) {
      return keys.format !== 'jwk'
        ? new TextEncoder().encode(keys.format === 'raw' ? value.trim() : firstSecret(value))
        : fromJwk(value, `${keys.item} of ${keys.store}`);
    }
  }
  const beside = secretsFolder === null ? null : path.join(secretsFolder, `${name}_private.jwk.json`);
  const text = beside === null ? null : textOf(beside);
  if (beside !== null && text !== null) return fromJwk(text, path.basename(beside));
  throw new CliError(
    'CLI_CONFIG',
    `There is no local key that signs as the provider ${name} does (${algorithms.join(', ')}).`,
    'Name a private JWK with --key FILE. It is for tests on this machine: never use a key of production.',
  );
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
  /** Absolute; null where the manifest names no file. */
  readonly secretsFolder: string | null;
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
