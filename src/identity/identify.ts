import type { IdentityResult, Provider, Scope } from '../types.ts';
import { own } from './check-claims.ts';
import { parseCookies } from './cookies.ts';
import { findCredential } from './credential.ts';
import { createKeyLoader, type KeyStores } from './load-keys.ts';
import { type ParsedToken, parseToken } from './parse-token.ts';
import { createVerify, type VerifyTask } from './verify.ts';

/** What the room needs of the world. */
export interface IdentifyDeps extends KeyStores {
  /** Longest token, in bytes. */
  readonly tokenBytes: number;
}

/** Looks at the credential of a request for one scope. `nowMs`: milliseconds since the epoch. Never rejects. */
export type Identify = (headers: Headers, scope: Scope, nowMs: number) => Promise<IdentityResult>;

/**
 * The room's main export: who is behind a request.
 *
 * Providers of the scope are asked in their order. One that names an issuer is asked only about tokens that claim to
 * be from it, and a token that claims a named issuer goes to no other. Each is verified in full: the claimed issuer
 * only chooses whom to ask.
 */
export function createIdentify(deps: IdentifyDeps): Identify {
  const verify = createVerify(createKeyLoader(deps));

  return async function identify(headers, scope, nowMs) {
    const cookies = parseCookies(headers);
    const tasks: VerifyTask[] = [];
    for (const provider of scope.providers) {
      const credential = findCredential(headers, cookies, provider, deps.tokenBytes);
      if (credential.kind === 'invalid') return credential;
      if (credential.kind === 'missing') continue;
      const token = parseToken(credential.token);
      if (token === null) return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
      tasks.push({ token, provider, place: credential.place, nowMs });
    }
    if (tasks.length === 0) return { kind: 'missing' };

    let refused: IdentityResult | null = null;
    for (const task of tasks.filter((task) => isAsked(task.provider, task.token, scope.providers))) {
      const result = await verify(task);
      // Keys that cannot be had are not a verdict, and the next provider must not take the token instead.
      if (result.kind !== 'invalid') return result;
      refused ??= result;
    }
    return refused ?? { kind: 'invalid', code: 'ERR_TOKEN_CLAIM' };
  };
}

function isAsked(provider: Provider, token: ParsedToken, providers: readonly Provider[]): boolean {
  // With one provider there is no choice, and the more telling error comes from verifying.
  if (providers.length === 1) return true;
  const claimed = own(token.claims, 'iss');
  if (provider.issuer !== null) return provider.issuer === claimed;
  return !providers.some(({ issuer }) => issuer !== null && issuer === claimed);
}
