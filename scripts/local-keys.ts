import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

/** Keys of a service on this machine. They protect nothing. */
export interface LocalKeys {
  /** Also the bytes of the HS256 key: the text itself, not what it decodes to. */
  readonly appSecret: string;
  readonly partnerPrivateJwk: JWK;
  readonly partnerJwks: JSONWebKeySet;
  readonly operatorToken: string;
  readonly fingerprintKey: string;
  readonly originSecret: string;
  /** What an origin on a public host asks for before it lets anybody sign in. */
  readonly originAccess: string;
}

/** Somebody whom `claimcache token` knows by name, with the claims of their tokens. */
export interface LocalPerson {
  readonly name: string;
  readonly sub: string;
}

/** Reads the keys of a folder, making those that are missing. Whoever comes first makes them, also where several processes come at once. */
export async function localKeys(folder: string, people: readonly LocalPerson[]): Promise<LocalKeys> {
  mkdirSync(folder, { recursive: true });
  const secret = (name: string) =>
    // Without a newline: the local Secret Store would make it part of the secret.
    firstOf(path.join(folder, name), () => randomBytes(32).toString('base64url'));
  const partner = await partnerKeys(folder);
  const claims = people.map(({ name, ...claims }) => [name, claims] as const);
  replace(path.join(folder, 'people.json'), `${JSON.stringify(Object.fromEntries(claims), null, 2)}\n`);
  return {
    appSecret: secret('app_hs256'),
    operatorToken: secret('operator_token'),
    fingerprintKey: secret('fingerprint_key'),
    originSecret: secret('origin_secret'),
    originAccess: secret('origin_access'),
    ...partner,
  };
}

/** The RS256 pair, and the local Config Store that publishes its public half: both follow from the private key. */
async function partnerKeys(folder: string): Promise<Pick<LocalKeys, 'partnerPrivateJwk' | 'partnerJwks'>> {
  const file = path.join(folder, 'partner_private.jwk.json');
  const made = existsSync(file) ? '' : JSON.stringify(await newPartnerKey());
  const partnerPrivateJwk: JWK = JSON.parse(firstOf(file, () => made));
  const { kty, n, e, kid, alg, use } = partnerPrivateJwk;
  const partnerJwks = { keys: [{ kty, n, e, kid, alg, use }] } as JSONWebKeySet;
  replace(path.join(folder, 'partner_jwks.json'), JSON.stringify(partnerJwks));
  const config = { cache_engine: 'auto', partner_jwks: JSON.stringify(partnerJwks) };
  const store = path.join(folder, 'config_store.json');
  // What somebody has written beside the keys stays.
  const isOfThisKey =
    existsSync(store) && JSON.parse(readFileSync(store, 'utf8')).partner_jwks === config.partner_jwks;
  if (!isOfThisKey) replace(store, `${JSON.stringify(config, null, 2)}\n`);
  return { partnerPrivateJwk, partnerJwks };
}

async function newPartnerKey(): Promise<JWK> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(pair.privateKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

/** The text of a file; where there is none, `make` writes it, unless another process has been faster. */
function firstOf(file: string, make: () => string): string {
  if (!existsSync(file)) {
    const part = written(file, make());
    try {
      linkSync(part, file);
    } catch (error) {
      // A file system without links.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(part, file);
    }
    rmSync(part, { force: true });
  }
  return readFileSync(file, 'utf8');
}

/** Whoever reads at the same time reads the old text or the new one, never a part. */
function replace(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  renameSync(written(file, text), file);
}

function written(file: string, text: string): string {
  const part = `${file}.${randomUUID()}`;
  writeFileSync(part, text, { mode: 0o600 });
  return part;
}
