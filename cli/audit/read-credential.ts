import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../base/cli-error.ts';
import type { World } from '../base/world.ts';
import type { CredentialInput } from './users-schema.ts';

export interface Credential {
  /** Request headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string | null;
}

const SOURCES = ['token', 'tokenFile', 'tokenEnv', 'cookie', 'cookieFile', 'cookieEnv'] as const;

/**
 * A credential as users.json names it: itself, in a file (relative to users.json), or in a variable of the environment.
 *
 * @param whose - For messages, which never hold the credential.
 * @throws {CliError} CLI_INPUT.
 */
export function readCredential(
  input: CredentialInput,
  whose: string,
  folder: string,
  { env }: Pick<World, 'env'>,
): Credential {
  const given = SOURCES.filter((source) => input[source] !== undefined);
  const [source] = given;
  if (source === undefined || given.length > 1) {
    throw fault(`${whose}: exactly one of ${SOURCES.join(', ')} is needed`);
  }
  const named = input[source] ?? '';
  const value = source.endsWith('File')
    ? fromFile(path.resolve(folder, named), `${whose}.${source}`)
    : source.endsWith('Env')
      ? fromEnvironment(env, named, `${whose}.${source}`)
      : named;
  return source.startsWith('token')
    ? tokenHeaders(value, input.header, `${whose}.${source}`)
    : cookieHeaders(value, input.header, `${whose}.${source}`);
}

function tokenHeaders(token: string, header: string | undefined, where: string): Credential {
  if (!/^[\x21-\x7e]+$/.test(token)) throw fault(`${where}: holds a space or a character that no token has`);
  const headers =
    header === undefined ? { authorization: `Bearer ${token}` } : { [header.toLowerCase()]: token };
  return { headers, token };
}

function cookieHeaders(cookie: string, header: string | undefined, where: string): Credential {
  if (header !== undefined) throw fault(`${where}: a cookie has no "header"`);
  if (
    !/^[\w!#$%&'*+.^`|~-]+=[\x21-\x3a\x3c-\x7e]*(?:; ?[\w!#$%&'*+.^`|~-]+=[\x21-\x3a\x3c-\x7e]*)*$/.test(
      cookie,
    )
  ) {
    throw fault(`${where}: must be the value of a Cookie header, such as "session=…; theme=dark"`);
  }
  const values = cookie.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
  return { headers: { cookie }, token: values.find(isJwt) ?? null };
}

/** Three parts of base64url. */
export function isJwt(text: string): boolean {
  return /^[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}$/.test(text);
}

function fromFile(file: string, where: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text !== '') return text;
  } catch (cause) {
    throw fault(`${where}: the file cannot be read`, cause);
  }
  throw fault(`${where}: the file is empty`);
}

function fromEnvironment(env: World['env'], variable: string, where: string): string {
  const text = env[variable]?.trim();
  if (text) return text;
  throw fault(`${where}: the environment has no such variable, or it is empty`);
}

function fault(message: string, cause?: unknown): CliError {
  return new CliError('CLI_INPUT', message, 'docs/how-to/audit.md has the format of the file.', { cause });
}
