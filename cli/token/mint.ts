import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Provider } from '../../src/types/policy.ts';
import { CliError } from '../base/cli-error.ts';
import type { SigningKey } from './signing-key.ts';

/**
 * A token as that provider's issuer would make it: with the issuer, audience, type and algorithm that the policy asks for.
 *
 * @param claims - Beside these, or instead of them.
 * @throws {CliError} CLI_INPUT where the key cannot sign.
 */
export async function mint(
  { issuer, audience, type, algorithms }: Provider,
  { key, kid }: SigningKey,
  claims: JWTPayload,
  expiresInSeconds: number,
  nowMs: number,
): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1000);
  const algorithm = (key instanceof Uint8Array ? null : key.alg) ?? algorithms[0] ?? 'HS256';
  const payload: JWTPayload = {
    ...(issuer === null ? {} : { iss: issuer }),
    ...(audience?.[0] === undefined ? {} : { aud: audience[0] }),
    jti: randomUUID(),
    iat: nowSeconds,
    exp: nowSeconds + expiresInSeconds,
    ...claims,
  };
  const header = { alg: algorithm, typ: type ?? 'JWT', ...(kid === null ? {} : { kid }) };
  try {
    const signing = key instanceof Uint8Array ? key : await importJWK(key as JWK, algorithm);
    return await new SignJWT(payload).setProtectedHeader(header).sign(signing);
  } catch (cause) {
    throw new CliError(
      'CLI_INPUT',
      `The key cannot sign with ${algorithm}.`,
      `Give a private JWK for ${algorithms.join(' or ')}: --key FILE`,
      { cause },
    );
  }
}
