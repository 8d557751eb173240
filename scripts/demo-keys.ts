import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { PEOPLE } from '../demo/origin/people.ts';
import { isMain, root } from './root.ts';

/** Keys of the demo, made once for this clone into `.demo/`, which git ignores. They protect nothing. */
export interface DemoKeys {
  /** Also the bytes of the HS256 key: the text itself, not what it decodes to. */
  readonly appSecret: string;
  readonly partnerPrivateJwk: JWK;
  readonly partnerJwks: JSONWebKeySet;
  readonly operatorToken: string;
  readonly fingerprintKey: string;
  readonly originSecret: string;
  /** What a demo origin on a public host asks for before it lets anybody sign in. */
  readonly originAccess: string;
}

const folder = path.join(root, '.demo');
const inFolder = (name: string) => path.join(folder, name);

/** Reads the keys, making those that are missing. */
export async function demoKeys(): Promise<DemoKeys> {
  mkdirSync(folder, { recursive: true });
  await ensurePartner();
  // What `claimcache token alice` mints.
  const people = PEOPLE.map(({ name, ...claims }) => [name, claims] as const);
  write('people.json', `${JSON.stringify(Object.fromEntries(people), null, 2)}\n`);
  return {
    appSecret: secret('app_hs256'),
    operatorToken: secret('operator_token'),
    fingerprintKey: secret('fingerprint_key'),
    originSecret: secret('origin_secret'),
    originAccess: secret('origin_access'),
    partnerPrivateJwk: readJson<JWK>('partner_private.jwk.json'),
    partnerJwks: readJson<JSONWebKeySet>('partner_jwks.json'),
  };
}

/** 32 random bytes, base64url, without a newline: the local Secret Store would make it part of the secret. */
function secret(name: string): string {
  const file = inFolder(name);
  if (!existsSync(file)) write(name, randomBytes(32).toString('base64url'));
  return readFileSync(file, 'utf8');
}

/** The RS256 pair, and the local Config Store that publishes its public half. They change together. */
async function ensurePartner(): Promise<void> {
  const names = ['partner_private.jwk.json', 'partner_jwks.json', 'config_store.json'];
  if (names.every((name) => existsSync(inFolder(name)))) return;
  const pair = await generateKeyPair('RS256', { extractable: true });
  const about = { kid: randomUUID(), alg: 'RS256', use: 'sig' };
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), ...about }] };
  write('partner_private.jwk.json', JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...about }));
  write('partner_jwks.json', JSON.stringify(jwks));
  const config = { cache_engine: 'auto', partner_jwks: JSON.stringify(jwks) };
  write('config_store.json', `${JSON.stringify(config, null, 2)}\n`);
}

function write(name: string, text: string): void {
  writeFileSync(inFolder(name), text, { mode: 0o600 });
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(inFolder(name), 'utf8')) as T;
}

if (isMain(import.meta.url)) await demoKeys();
